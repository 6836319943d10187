import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { hashFile } from './hash-file.mjs'

/** More threads than this wait for the disk, not for the processor. */
const MAX_THREADS = 8

/** A batch that a thread takes ends with so many files, or so many bytes. */
const BATCH_FILES = 64
const BATCH_BYTES = 8 * 1024 * 1024

/** Fewer bytes than this are hashed before a thread would have started. */
const INLINE_BYTES = 4 * 1024 * 1024

/**
 * Hashes many files, on all processors.
 *
 * @param {readonly { path: string, size: number }[]} files `size` is the expected one
 * @param {(index: number, facts: import('./hash-file.mjs').FileFacts) => void} onFile called once for each, in any order
 * @param {number} [filesPerSecond] goes easy on a disk that others need; 0: as fast as it goes
 */
export async function hashFiles(files, onFile, filesPerSecond = 0) {
  if (filesPerSecond > 0) return hashSlowly(files, onFile, filesPerSecond)
  const batches = batchesOf(files)
  const threads = Math.min(availableParallelism(), MAX_THREADS, batches.length)
  if (threads < 2 || files.reduce((sum, { size }) => sum + size, 0) < INLINE_BYTES) {
    for (const [index, { path, size }] of files.entries()) onFile(index, hashFile(path, size))
    return
  }
  await Promise.all(Array.from({ length: threads }, () => runThread(files, batches, onFile)))
}

/** One file after another, each not before its time. */
async function hashSlowly(files, onFile, filesPerSecond) {
  const startedAt = performance.now()
  for (const [index, { path, size }] of files.entries()) {
    const early = startedAt + (index * 1000) / filesPerSecond - performance.now()
    if (early > 1) await wait(early)
    onFile(index, hashFile(path, size))
  }
}

/** Takes batches until there are no more. */
function runThread(files, batches, onFile) {
  const worker = new Worker(new URL('./hash-worker.mjs', import.meta.url))
  return new Promise((resolve, reject) => {
    const next = () => {
      const batch = batches.pop()
      if (batch) worker.postMessage({ first: batch.first, files: files.slice(batch.first, batch.end) })
      else worker.terminate().then(resolve, reject)
    }
    worker.on('message', ({ first, facts }) => {
      for (const [offset, fact] of facts.entries()) onFile(first + offset, fact)
      next()
    })
    worker.on('error', reject)
    next()
  })
}

function batchesOf(files) {
  const batches = []
  for (let first = 0; first < files.length;) {
    let end = first
    for (let bytes = 0; end < files.length && end - first < BATCH_FILES && bytes < BATCH_BYTES; end += 1) bytes += files[end].size
    batches.push({ first, end })
    first = end
  }
  return batches.toReversed()
}
