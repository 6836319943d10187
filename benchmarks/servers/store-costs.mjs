import { LogEvent } from '@headway/core'
import { openPostgresStores } from '@headway/store-postgres'
import { randomUUID } from 'node:crypto'
import { answerCalls } from '../lib/agent.mjs'
import { STORE_VARIABLE } from '../lib/headway-store.mjs'
import { dataOfSize } from '../lib/payload.mjs'

// What single calls of the PostgreSQL store cost: no engine, and always the same number of operations in a call.

const WORKER = 'bench'
const LEASE_MS = 3_600_000

const stores = await openPostgresStores({ url: process.env[STORE_VARIABLE] })
const { jobs } = stores
/** Jobs that are running, each with its lease and the head of its log. */
const running = []
let turn = 0

const newJob = () => ({ id: randomUUID(), type: 'cost', input: {} })

async function inGroups(count, group, work) {
  for (let done = 0; done < count; done += group) await work(Math.min(group, count - done))
}

async function appendTo(some, eventOf, more) {
  const appends = some.map(({ lease, head }) => ({ lease, base: head, batchId: randomUUID(), events: [eventOf(head + 1)], ...more }))
  for (const { ok } of await jobs.append(appends)) if (!ok) throw new Error('An append was refused.')
  for (const one of some) one.head += 1
}

answerCalls(
  {
    create: ({ count, group }) => inGroups(count, group, (size) => jobs.create(Array.from({ length: size }, newJob))),
    async claim({ count, group }) {
      for (const goal = running.length + count; running.length < goal;) {
        const claims = await jobs.claim(WORKER, [{ type: 'cost', limit: Math.min(group, goal - running.length) }], LEASE_MS)
        running.push(...claims.map(({ job, lease }) => ({ lease, head: job.head })))
      }
    },
    append({ count, group, bytes }) {
      const data = JSON.stringify(dataOfSize(bytes))
      return inGroups(count, group, (size) =>
        appendTo(
          Array.from({ length: size }, () => running[turn++ % running.length]),
          (seq) => LogEvent.encode(seq, Date.now(), 'line', data),
        ),
      )
    },
    complete: ({ count, group }) =>
      inGroups(count, group, (size) =>
        appendTo(running.splice(0, size), (seq) => LogEvent.encode(seq, Date.now(), 'completed', '{"result":null}'), {
          state: { status: 'completed', result: null },
        }),
      ),
  },
  () => stores.close(),
)
