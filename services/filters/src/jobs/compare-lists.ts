import { Worker } from 'node:worker_threads'
import type { Diff } from '../compiler/index.js'

export interface ComparedLists {
  /** The plain text of a list. */
  readonly textFile: string
  /** That of the list before it. */
  readonly previousFile: string
}

/** Compares two lists in a thread of its own. @throws the reason of the signal */
export async function compareLists({ signal, ...lists }: ComparedLists & { readonly signal: AbortSignal }): Promise<Diff> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('compare-worker.js', import.meta.url), { workerData: lists })
  const stop = (): void => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await new Promise<Diff>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject)
      worker.once('exit', () => reject(signal.aborted ? signal.reason : new Error('The thread that compares lists ended too early.')))
    })
  } finally {
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
