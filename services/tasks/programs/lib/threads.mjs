import { Worker } from 'node:worker_threads'

/** A batch that a thread takes ends with so many items, or so many bytes. */
const BATCH_ITEMS = 64
const BATCH_BYTES = 8 * 1024 * 1024

/**
 * Gives items to threads, in batches. The module posts, for each `{ first, items }` that it gets, `{ first, results }` in the same order.
 *
 * @param {URL} module
 * @param {readonly { size: number }[]} items what a thread is given; `size` in bytes says how much work it is
 * @param {{ threads: number, onResult: (index: number, result: unknown) => void, signal?: AbortSignal }} how `onResult` is called once for each,
 *   in any order; what it throws ends all threads
 * @throws what `onResult` threw, the reason of the signal, or what broke a thread
 */
export async function eachOnThreads(module, items, { threads, onResult, signal }) {
  const batches = batchesOf(items)
  const stop = new AbortController()
  const ended = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const runs = Array.from({ length: Math.min(threads, batches.length) }, () => runThread(module, items, batches, onResult, ended))
  try {
    await Promise.all(runs)
  } catch (error) {
    stop.abort(error)
    throw error
  } finally {
    await Promise.allSettled(runs)
  }
}

/** Takes batches until there are no more. */
async function runThread(module, items, batches, onResult, signal) {
  signal.throwIfAborted()
  const worker = new Worker(module)
  const stop = new AbortController()
  try {
    await new Promise((resolve, reject) => {
      const next = () => {
        const batch = batches.pop()
        if (batch) worker.postMessage({ first: batch.first, items: items.slice(batch.first, batch.end) })
        else resolve()
      }
      worker.on('message', ({ first, results }) => {
        if (signal.aborted) return
        try {
          for (const [offset, result] of results.entries()) onResult(first + offset, result)
          next()
        } catch (error) {
          reject(error)
        }
      })
      worker.on('error', reject)
      signal.addEventListener('abort', () => reject(signal.reason), { signal: stop.signal })
      next()
    })
  } finally {
    stop.abort()
    await worker.terminate()
  }
}

function batchesOf(items) {
  const batches = []
  for (let first = 0; first < items.length;) {
    let end = first
    for (let bytes = 0; end < items.length && end - first < BATCH_ITEMS && bytes < BATCH_BYTES; end += 1) bytes += items[end].size
    batches.push({ first, end })
    first = end
  }
  return batches.toReversed()
}
