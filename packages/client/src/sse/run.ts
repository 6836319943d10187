import { HeadwayClientError } from '../errors.js'
import type { JobFailedError } from '../errors.js'

/**
 * Work that was begun and is being read. It is iterated once. Leaving it, or aborting its signal, does not end the work: that is what
 * `cancel` is for. Its stream is open until it is read to its end or left: who wants no more than the `id` aborts the signal.
 */
export interface Run<M, R> extends AsyncIterable<M, void, void> {
  /** The id of the work at the server, when that has it. */
  readonly id: Promise<string>
  /**
   * Waits for the end; what nobody iterates is read on and let go.
   *
   * @throws JobFailedError when the work failed or was cancelled; HeadwayClientError when the server refused it, or it was left before its end
   */
  result(): Promise<R>
  /** Asks the server to cancel the work. It is cancelled when the stream says so. */
  cancel(reason?: string): Promise<void>
}

export interface RunOptions<M, R> {
  /** Begins the work, tells its id, and reads it. Returns how it ended: undefined where it was left before. */
  readonly read: (begun: (id: string) => void) => AsyncGenerator<M, R | JobFailedError | undefined, void>
  readonly cancel: (id: string, reason: string | undefined) => Promise<void>
}

/** Makes a run of a generator that reads it. It begins at once. */
export function startRun<M, R extends object>({ read, cancel }: RunOptions<M, R>): Run<M, R> {
  const id = settled<string>()
  const result = settled<R>()

  async function* messages(): AsyncGenerator<M, void, void> {
    let error: unknown = new HeadwayClientError('CLOSED', 'The stream was left before its end.')
    try {
      const end = yield* read(id.resolve)
      if (end instanceof Error) error = end
      else if (end) result.resolve(end)
    } catch (thrown) {
      error = thrown
      throw thrown
    } finally {
      id.reject(error)
      result.reject(error)
    }
  }

  const all = messages()
  // The work begins now, not when somebody looks.
  let first: Promise<IteratorResult<M, void>> | undefined = all.next()
  first.catch(() => undefined)
  let isIterated = false
  const next = (): Promise<IteratorResult<M, void>> => {
    const given = first ?? all.next()
    first = undefined
    return given
  }

  return {
    id: id.promise,
    async result() {
      if (!isIterated) {
        isIterated = true
        while (!(await next()).done);
      }
      return result.promise
    },
    cancel: async (reason) => cancel(await id.promise, reason),
    [Symbol.asyncIterator]() {
      isIterated = true
      return { next, return: () => all.return() }
    },
  }
}

interface Settled<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

/** A promise whose rejection need not be heard: whoever only iterates learns of errors there. */
function settled<T>(): Settled<T> {
  let resolve: Settled<T>['resolve'] = () => undefined
  let reject: Settled<T>['reject'] = () => undefined
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle))
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
