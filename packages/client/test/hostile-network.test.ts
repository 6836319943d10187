import { createClient } from '@headway/client'
import type { Follow, FollowedEvent } from '@headway/client'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { seededRandom, sleep, Weather } from './support/harm.js'
import { HostileProxy } from './support/hostile-proxy.js'
import { RUN_KEY, startServer } from './support/start-server.js'
import type { TestServer } from './support/start-server.js'

/** `npm run hostile -- --rounds N --seed S` sets them. */
const ROUNDS = Number(process.env['HOSTILE_ROUNDS'] ?? 64)
const SEED = process.env['HOSTILE_SEED']

/** Heartbeats come as often, in milliseconds; what the client waits for longer than this takes a little longer only. */
const HEARTBEAT_MS = 25

/** So many rounds go on at a time, each with a client and a network of its own: most of a round is waiting. */
const LANES = 8

let server: TestServer
let lanes: HostileProxy[]

beforeAll(async () => {
  server = await startServer({ delivery: { heartbeatMs: HEARTBEAT_MS, tickMs: 5, retryMs: 5, comebackMs: { min: 1, max: 10 } } })
  lanes = await Promise.all(
    Array.from({ length: LANES }, async () => {
      const proxy = new HostileProxy(server.url)
      await proxy.listen()
      return proxy
    }),
  )
})
afterAll(async () => {
  await Promise.all(lanes.map((proxy) => proxy.close()))
  await server.stop()
})

const round = fc.record({
  seed: fc.integer(),
  transport: fc.constantFrom('sse' as const, 'websocket' as const, 'poll' as const),
  /** How many events each job emits, and whether it does so while it is being followed. */
  jobs: fc.array(fc.record({ to: fc.nat(25), isLive: fc.boolean() }), { minLength: 1, maxLength: 2 }),
  readers: fc.array(
    fc.record({ job: fc.nat(1), after: fc.nat(20), isIterator: fc.boolean(), isSlow: fc.boolean(), isLate: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
})
type Round = typeof round extends fc.Arbitrary<infer Value> ? Value : never

/** Reads a follow to its end, event by event or as they come. */
async function read(follow: Follow, { isIterator, isSlow }: Round['readers'][number], random: () => number): Promise<FollowedEvent[]> {
  const events: FollowedEvent[] = []
  if (isIterator) {
    for await (const event of follow) {
      events.push(event)
      if (isSlow) await sleep(random() * 4)
    }
    return events
  }
  return new Promise((resolve, reject) => {
    follow.subscribe(
      (batch) => void events.push(...batch),
      (error) => (error ? reject(error) : resolve(events)),
    )
  })
}

/** A clock on which little takes long. */
function runtimeOf(random: () => number) {
  return {
    now: Date.now,
    random,
    setTimer(run: () => void, ms: number) {
      const timer = setTimeout(run, Math.min(ms, HEARTBEAT_MS * 2.5 + ms / 200))
      return () => clearTimeout(timer)
    },
    onWake: () => () => undefined,
  }
}

async function logOf(id: string): Promise<unknown[]> {
  const { events } = await server.engine.read(id, { after: 0, maxEvents: 1000, maxBytes: 1e6 })
  return events.map(({ line }) => JSON.parse(line) as unknown)
}

/** What each reader got, and what it should have got. */
async function play({ seed, transport, jobs, readers }: Round, proxy: HostileProxy) {
  const random = seededRandom(seed)
  const ids = await Promise.all(
    jobs.map(async ({ to, isLive }) => {
      const { job } = await server.engine.create(isLive ? 'steps' : 'count', { to })
      if (!isLive) await expect.poll(async () => (await server.engine.get(job.id))?.status, { interval: 5 }).toBe('completed')
      return job.id
    }),
  )
  const client = createClient(
    { baseUrl: proxy.url, apiKey: RUN_KEY, transport, WebSocket: WebSocket as unknown as typeof globalThis.WebSocket },
    runtimeOf(random),
  )
  proxy.weather = new Weather(seed, 0.2, 14)
  const got = await Promise.all(
    readers.map(async (reader) => {
      const id = ids[reader.job % ids.length] ?? ''
      if (reader.isLate) await sleep(random() * 20)
      const after = Math.min(reader.after, (await server.engine.get(id))?.head ?? 0)
      return { id, after, events: await read(client.jobs.follow(id, { after }), reader, random) }
    }),
  )
  client.close()
  return Promise.all(got.map(async ({ id, after, events }) => ({ got: events, log: (await logOf(id)).slice(after) })))
}

test(
  `through a network that cuts, delays, doubles and reorders, ${ROUNDS} times: every event once, in order, none missing`,
  { timeout: Math.max(90_000, ROUNDS * 2000) },
  async () => {
    const played = { sse: 0, websocket: 0, poll: 0, events: 0, harms: 0 }
    const property = fc.asyncProperty(fc.array(round, { minLength: LANES, maxLength: LANES }), async (rounds) => {
      await Promise.all(
        rounds.map(async (round, index) => {
          const proxy = lanes.at(index) as HostileProxy
          for (const { got, log } of await play(round, proxy)) {
            expect(got, JSON.stringify(round)).toEqual(log)
            played.events += got.length
          }
          played[round.transport] += 1
          played.harms += proxy.weather.harms
        }),
      )
    })
    // What depends on time can't be made smaller by trying.
    await fc.assert(property, { numRuns: Math.ceil(ROUNDS / LANES), endOnFailure: true, ...(SEED !== undefined && { seed: Number(SEED) }) })
    if (process.env['HOSTILE_ROUNDS'] !== undefined) console.log('rounds by transport, events read, harms done:', JSON.stringify(played))
  },
)
