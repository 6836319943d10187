import { createCompileWorkers } from '@headway/filters/compiler'
import type { CompileInWorkerOptions, CompileWorkers, CompileWorkersOptions, Configuration, Load } from '@headway/filters/compiler'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'

/** Workers that are closed, and files that are gone, when the test is over. */
export async function setUp(
  options: CompileWorkersOptions,
): Promise<{ workers: CompileWorkers; files: (more?: Partial<CompileInWorkerOptions>) => CompileInWorkerOptions }> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-threads-'))
  const workers = createCompileWorkers(options)
  onTestFinished(async () => {
    await workers.close()
    await rm(folder, { recursive: true })
  })
  let next = 0
  return { workers, files: (more = {}) => ({ resultFile: join(folder, `${next++}.json`), ...more }) }
}

/** The threads that are started from here on, each with its end. */
export function watchThreads(): { readonly worker: Worker; readonly ended: Promise<void> }[] {
  const threads: { readonly worker: Worker; readonly ended: Promise<void> }[] = []
  const onWorker = (worker: Worker): void => {
    threads.push({ worker, ended: new Promise((resolve) => worker.once('exit', () => resolve())) })
  }
  process.on('worker', onWorker)
  onTestFinished(() => void process.off('worker', onWorker))
  return threads
}

export const ONE: Configuration = { name: 'n', sources: [{ source: 's' }] }

export const hosts = (count: number): string => Array.from({ length: count }, (_, i) => `0.0.0.0 host${i}.example.com`).join('\n')

export const loadOf =
  (text: string): Load =>
  () =>
    Promise.resolve({ bytes: Buffer.from(text), sha256: 'x' })
