import type { StoredJob } from '@headway/core'
import type { Reset } from '@headway/protocol'
import type { Dialect } from '@headway/server'
import { wireEventsOf } from './wire-events.js'

/** How this service shows the log of a compilation over SSE. The first message says which it is; it has no id. */
export const filtersDialect: Dialect = {
  name: 'filters',
  encode: (event) => wireEventsOf(event).map(({ event: name, data }) => ({ event: name, body: data })),
  preamble: (job: StoredJob) => [{ event: 'job', body: JSON.stringify({ requestId: job.id }) }],
  reset: (reset: Reset) => [{ event: 'reset', body: JSON.stringify(reset) }],
}

/** The same for whoever began the compilation: the first message has the token, too. */
export function dialectWithToken(token: string): Dialect {
  return { ...filtersDialect, preamble: (job) => [{ event: 'job', body: JSON.stringify({ requestId: job.id, token }) }] }
}
