import type { Engine } from '@headway/core'
import type { JobEvent, JobId } from '@headway/protocol'
import type { Received, TransportClient, WatchTarget } from './clients/index.js'
import type { TransportFixture } from './fixture.js'

/** One watcher of a fixture's job. */
export interface Watching {
  readonly fixture: TransportFixture
  readonly client: TransportClient
  readonly jobId: JobId
  /** 0 by default. */
  readonly after?: number
  /** Where the watcher connects, if not to the server itself. */
  readonly baseUrl?: string
}

export function watch({ fixture, client, jobId, after = 0, baseUrl = fixture.baseUrl }: Watching): AsyncGenerator<Received, void, void> {
  const target: WatchTarget = { baseUrl, token: fixture.token, jobId, after }
  return client(target)
}

/** All that a watcher gets until the server ends the stream, or the first `most` of it. */
export async function collect(watching: Watching, most = Infinity): Promise<Received[]> {
  const all: Received[] = []
  for await (const what of watch(watching)) {
    all.push(what)
    if (all.length >= most) break
  }
  return all
}

/** Follows to the end, cutting the connection after each of `cuts` messages and coming back with the cursor. */
export async function collectWithCuts(watching: Watching, cuts: readonly number[]): Promise<string[]> {
  const lines: string[] = []
  let after = watching.after ?? 0
  for (const most of [...cuts, Infinity]) {
    for (const what of await collect({ ...watching, after }, most)) {
      if (what.kind === 'reset') throw new Error(`Nothing was lost, but there was a reset: ${JSON.stringify(what.reset)}`)
      lines.push(what.line)
      after = what.event.seq
    }
  }
  return lines
}

/** The JSON lines of the events. A reset is a line, too, so that a comparison with a log fails. */
export function linesOf(all: readonly Received[]): string[] {
  return all.map((what) => (what.kind === 'event' ? what.line : JSON.stringify(what.reset)))
}

/** The log as the engine has it: what every watcher must get. */
export async function logOf(engine: Engine, id: JobId, after = 0): Promise<JobEvent[]> {
  const events: JobEvent[] = []
  let cursor = after
  for (;;) {
    const page = await engine.read(id, { after: cursor, maxEvents: 1000, maxBytes: 2 ** 20 })
    events.push(...page.events.map((event) => JSON.parse(event.line) as JobEvent))
    if (page.next >= page.head) return events
    cursor = page.next
  }
}

/** The same as JSON lines. */
export async function logLines(engine: Engine, id: JobId, after = 0): Promise<string[]> {
  return (await logOf(engine, id, after)).map((event) => JSON.stringify(event))
}
