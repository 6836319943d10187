import { createEngine } from '@headway/core'
import type { Engine, EngineOptions, JobType, LogEvent, Stores } from '@headway/core'
import { openSqliteStores } from '@headway/store-sqlite'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Moves the store's clock, and with it leases and delays, for a store opened with it. */
export class StoreTime {
  readonly offset = new Float64Array(new SharedArrayBuffer(8))

  advance(ms: number): void {
    this.offset[0] = (this.offset[0] ?? 0) + ms
  }
}

/** A store in a folder of its own, which goes when the test is over. */
export async function openStores(time = new StoreTime()): Promise<Stores> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-core-'))
  const stores = await openSqliteStores({ folder, timeOffset: time.offset })
  onTestFinished(async () => {
    await stores.close()
    await rm(folder, { recursive: true, force: true })
  })
  return stores
}

/** A started engine on a real store. What goes wrong in the background fails the test. */
export async function startEngine(jobTypes: readonly JobType[], options: Partial<EngineOptions> = {}): Promise<Engine> {
  const stores = options.stores ?? (await openStores())
  const errors: unknown[] = []
  const engine = createEngine({
    stores,
    jobTypes,
    shutdownGraceMs: 200,
    sweepMs: 50,
    onError: (error, doing) => errors.push(new Error(`could not ${doing}`, { cause: error })),
    ...options,
  })
  await engine.start()
  onTestFinished(async () => {
    await engine.close()
    if (errors.length > 0) throw new AggregateError(errors, 'The engine had trouble in the background.')
  })
  return engine
}

/** All events of a job from a cursor to its end. */
export async function follow(engine: Engine, id: string, after = 0): Promise<LogEvent[]> {
  const events: LogEvent[] = []
  for await (const batch of engine.follow(id, { after, signal: AbortSignal.timeout(20_000) })) events.push(...batch)
  return events
}

/** Resolves with the first event of a type, while the job goes on. */
export async function waitForEvent(engine: Engine, id: string, type: string): Promise<LogEvent> {
  for await (const batch of engine.follow(id, { after: 0, signal: AbortSignal.timeout(20_000) })) {
    const event = batch.find((candidate) => candidate.type === type)
    if (event !== undefined) return event
  }
  throw new Error(`Job ${id} ended without an event "${type}".`)
}

export const types = (events: readonly LogEvent[]): string[] => events.map((event) => event.type)
