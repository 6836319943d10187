import type { JobEvent, JobId, Reset } from '@headway/protocol'

/** What a watcher is given. */
export type Received =
  | { readonly kind: 'event'; readonly event: JobEvent; readonly line: string }
  | { readonly kind: 'reset'; readonly reset: Reset }

export interface WatchTarget {
  readonly baseUrl: string
  readonly token: string | undefined
  readonly jobId: JobId
  /** The cursor: 0 for all. */
  readonly after: number
}

/** The server does not let the job be watched. `code` is that of the error. */
export class WatchRefusedError extends Error {
  override readonly name = 'WatchRefusedError'
  readonly code: string

  constructor(code: string) {
    super(`The server refused: ${code}`)
    this.code = code
  }
}

/**
 * A small client of one transport. It reads only when it is asked for more, checks what the transport says beside the event (ids, `seq`), ends
 * when the server ends the stream, and cuts the connection when it is left early.
 *
 * @throws WatchRefusedError
 */
export type TransportClient = (target: WatchTarget) => AsyncGenerator<Received, void, void>

/** Headers of a request with the fixture's token. */
export function authorization(target: WatchTarget): Record<string, string> {
  return target.token === undefined ? {} : { Authorization: `Bearer ${target.token}` }
}

/** The URL of a job's events, with the cursor in the query. */
export function eventsUrl(target: WatchTarget, query: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(`${target.baseUrl}/jobs/${target.jobId}/events`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

/** Takes a JSON line for what it is. */
export function received(line: string): Received {
  const value = JSON.parse(line) as JobEvent | Reset
  return 'seq' in value ? { kind: 'event', event: value, line } : { kind: 'reset', reset: value }
}

/** @throws WatchRefusedError when the answer is not a success */
export async function assertAccepted(response: Response): Promise<void> {
  if (response.ok || response.status === 304) return
  const problem = (await response.json()) as { code?: string }
  throw new WatchRefusedError(problem.code ?? String(response.status))
}
