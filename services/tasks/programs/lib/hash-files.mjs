import { availableParallelism } from 'node:os'
import { hashFile } from './hash-file.mjs'
import { paceOf } from './pool.mjs'
import { eachOnThreads } from './threads.mjs'

/** More threads than this wait for the disk, not for the processor. */
const MAX_THREADS = 8

/** Fewer bytes than this are hashed before a thread would have started. */
const INLINE_BYTES = 4 * 1024 * 1024

/**
 * Hashes many files, on all processors.
 *
 * @param {readonly { path: string, size: number }[]} files `size` is the expected one
 * @param {(index: number, facts: import('./hash-file.mjs').FileFacts) => void} onFile called once for each, in any order
 * @param {{ rate?: number, threads?: number, signal?: AbortSignal }} [how] `rate`: files a second at most, for a disk that others need;
 *   0: as fast as it goes
 */
export async function hashFiles(files, onFile, { rate = 0, threads = MAX_THREADS, signal } = {}) {
  if (rate > 0) return hashSlowly(files, onFile, rate, signal)
  if (files.reduce((sum, { size }) => sum + size, 0) < INLINE_BYTES) {
    for (const [index, { path, size }] of files.entries()) onFile(index, hashFile(path, size))
    return
  }
  await eachOnThreads(new URL('./hash-worker.mjs', import.meta.url), files, {
    threads: Math.min(availableParallelism(), threads),
    onResult: onFile,
    signal,
  })
}

/** One file after another, each not before its time. */
async function hashSlowly(files, onFile, rate, signal) {
  const pace = paceOf(rate)
  for (const [index, { path, size }] of files.entries()) {
    await pace(index, signal)
    onFile(index, hashFile(path, size))
  }
}
