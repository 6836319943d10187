import { StoreError } from '@headway/core'
import { Worker } from 'node:worker_threads'
import type { Opened } from '../messages.js'
import type { ThreadData } from '../options.js'
import { storeErrorOf } from './store-error.js'

/** A started thread of the store. */
export interface Thread<To, From> {
  post(message: To): void
  /** The one listener for its messages. */
  onMessage(listener: (message: From) => void): void
  /** The one listener for its end, whether it was asked for or not. */
  onEnd(listener: (error: StoreError) => void): void
  /** Sends the last message and resolves when the thread has ended. */
  end(message: To): Promise<void>
}

/**
 * Starts a thread and waits until it has opened the database.
 *
 * @throws StoreError that says why it could not
 */
export async function startThread<To, From>(module: URL, data: ThreadData): Promise<Thread<To, From>> {
  const worker = new Worker(module, { workerData: data })
  const ended = new Promise<StoreError>((resolve) => {
    worker.once('error', (error) =>
      resolve(new StoreError('unavailable', `A thread of the store failed: ${String(error)}`, { cause: error })),
    )
    worker.once('exit', () => resolve(new StoreError('unavailable', 'A thread of the store has ended.')))
  })
  const opened = new Promise<Opened>((resolve) => worker.once('message', resolve))
  const first = await Promise.race([opened, ended])
  if (first instanceof StoreError) throw first
  if (!first.opened) throw storeErrorOf(first.error)
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on('message', listener),
    onEnd: (listener) => void ended.then(listener),
    async end(message) {
      worker.postMessage(message)
      await ended
    },
  }
}
