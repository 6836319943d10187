import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'

/** An answer whose body is still to come. */
export interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readable
}

/**
 * Sends one GET request and gives its answer as soon as the headers are there. An abort is heard at once, also while the connection is still
 * being made (undici by itself hears it only afterwards).
 */
export async function sendRequest(
  dispatcher: Dispatcher,
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer> {
  signal.throwIfAborted()
  let give: (() => void) | undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    give = () => reject(signal.reason as Error)
    signal.addEventListener('abort', give, { once: true })
  })
  const answered = dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'GET',
    headers: { ...headers },
    signal,
  })
  try {
    return await Promise.race([answered, aborted])
  } catch (error) {
    answered.then(
      ({ body }) => discard(body),
      () => undefined,
    )
    throw error
  } finally {
    if (give !== undefined) signal.removeEventListener('abort', give)
  }
}

/** Drops a body that nobody reads, and its connection with it: how much would still come is not known. */
export function discard(body: Readable): void {
  body.on('error', () => undefined).destroy()
}
