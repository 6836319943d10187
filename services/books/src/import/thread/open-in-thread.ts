import type { AskColumns, InspectOptions } from '../inspect-library.js'
import type { InspectedLibrary } from '../inspected.js'
import type { RowOutcome } from '../row.js'
import type { LibrarySource } from '../source/read-chunks.js'
import { LibraryThread } from './library-thread.js'

export interface OpenInThreadOptions extends InspectOptions {
  /** The file of the catalog that books are matched in, which the thread opens for itself. Undefined: nothing is matched. */
  readonly catalogPath?: string | undefined
  /** Of the thread's heap, in MiB. 256 by default. */
  readonly memoryMb?: number | undefined
}

/** A library that a thread of its own reads. */
export interface LibraryInThread {
  readonly inspected: InspectedLibrary
  /**
   * What `readLibrary` gives. One batch is made ahead of the one that is asked for, no more. To be read once.
   *
   * @throws ImportError FILE_CHANGED, FILE_UNREADABLE, OUT_OF_MEMORY, THREAD_CRASHED; the signal's reason
   */
  outcomes(): AsyncGenerator<readonly RowOutcome[]>
  /** Ends the thread, whatever it does. */
  close(): Promise<void>
}

const DEFAULT_MEMORY_MB = 256

/**
 * Looks at a file and reads it in a thread of its own. The thread ends when the signal is aborted, at once and whatever it does, and with `close`.
 *
 * @throws ImportError as `inspectLibrary`; OUT_OF_MEMORY, THREAD_CRASHED; the signal's reason
 */
export async function openInThread(source: LibrarySource, options: OpenInThreadOptions = {}): Promise<LibraryInThread> {
  const { mapping, maxRows, maxColumns, askColumns, signal, catalogPath, memoryMb = DEFAULT_MEMORY_MB } = options
  signal?.throwIfAborted()
  const thread = new LibraryThread(
    { source, inspect: { mapping, maxRows, maxColumns }, asksColumns: askColumns !== undefined, catalogPath },
    memoryMb,
    signal,
  )
  try {
    return {
      inspected: await look(thread, askColumns, signal),
      outcomes: () => outcomes(thread),
      close: () => thread.close(),
    }
  } catch (error) {
    await thread.close()
    throw error
  }
}

async function look(thread: LibraryThread, askColumns: AskColumns | undefined, signal: AbortSignal | undefined): Promise<InspectedLibrary> {
  for (;;) {
    const message = await thread.next()
    if (message.what === 'inspected') return message.library
    if (message.what !== 'ask-columns') continue
    const asked = askColumns?.(message.header, message.samples, signal) ?? Promise.resolve(undefined)
    thread.send({ what: 'columns', mapping: await thread.waitFor(asked) })
  }
}

async function* outcomes(thread: LibraryThread): AsyncGenerator<readonly RowOutcome[]> {
  try {
    thread.send({ what: 'next' })
    for (;;) {
      const message = await thread.next()
      if (message.what === 'end') return
      if (message.what !== 'batch') continue
      thread.send({ what: 'next' })
      yield JSON.parse(message.json) as readonly RowOutcome[]
    }
  } finally {
    await thread.close()
  }
}
