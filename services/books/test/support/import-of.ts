import { eventsOf } from './sse.js'
import type { StreamEvent } from './sse.js'
import type { Running } from './start.js'

/** What came of a file. */
export interface Imported {
  /** The last event of its stream; undefined when it was refused. */
  readonly last: StreamEvent
  readonly results: readonly Record<string, unknown>[]
  readonly errors: readonly { readonly row: number; readonly code: string; readonly value?: string }[]
  readonly counts: Record<string, number>
  /** The rows that failed, as a file; undefined where none did. */
  readonly failedCsv: string | undefined
}

interface Created {
  readonly jobId: string
  readonly streamUrl: string
  readonly token: string
}

/** Imports a file over HTTP, to its end. @throws Error when it is refused */
export async function importOf({ json, ask }: Running, file: string | Uint8Array, name = 'library.csv'): Promise<Imported> {
  const form = new FormData()
  form.set('file', new Blob([file]), name)
  const { data, error } = await json('/v3/jobs/imports', { body: form })
  if (error !== undefined) throw new Error(`The file was refused: ${error.code} ${error.message}`)
  const { jobId, streamUrl, token } = data as unknown as Created
  const events = await eventsOf(streamUrl)
  const results = `/v3/jobs/imports/${jobId}/results`
  const whole = (await json(results, { token })).data as Partial<Imported> | undefined
  const failed = await ask(`${results}/failed.csv`, { token })
  return {
    last: events.at(-1)!,
    results: whole?.results ?? [],
    errors: whole?.errors ?? [],
    counts: whole?.counts ?? {},
    failedCsv: failed.ok ? await failed.text() : undefined,
  }
}
