import { defineJob } from '@headway/core'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { openEngine } from '../lib/engine.mjs'
import { dataOfSize } from '../lib/payload.mjs'

// An engine without a server: appends, replay and empty jobs.

const EMPTY_JOBS_AT_A_TIME = 100
/** How many jobs are made by one call of the store, and how many calls are under way at a time. */
const BULK = 500
const BULK_CREATORS = 2
/** A look costs the store a little, too. */
const POLL_MS = 20

let begin
const begun = new Promise((resolve) => (begin = resolve))

/** Emits when all are ready, `ahead` events at a time. */
const emitter = defineJob({
  name: 'emitter',
  input: z.object({ events: z.number(), bytes: z.number(), ahead: z.number() }),
  concurrency: 1000,
  async run({ events, bytes, ahead }, ctx) {
    await begun
    const data = dataOfSize(bytes)
    let last
    for (let event = 1; event <= events; event++) {
      last = ctx.emit('line', data)
      if (event % ahead === 0) await last
    }
    await last
  },
})

const empty = defineJob({
  name: 'empty',
  input: z.object({}),
  concurrency: EMPTY_JOBS_AT_A_TIME,
  run: () => undefined,
})

const { engine, threads, close } = await openEngine({ jobTypes: [emitter, empty], concurrency: 1000 })
await engine.start()

async function inStatus(type, status) {
  const { counts } = await engine.figures()
  return counts.find((count) => count.type === type && count.status === status)?.count ?? 0
}

async function until(condition) {
  while (!(await condition())) await sleep(POLL_MS)
}

async function create(input) {
  const { job } = await engine.create('emitter', input)
  return job.id
}

/** How many events a log has; all are looked at. */
async function readLog(id, withData) {
  let events = 0
  for await (const slice of engine.follow(id, { after: 0, signal: new AbortController().signal })) {
    for (const event of slice) {
      events += 1
      if (event.seq !== events || (withData && event.data === undefined)) throw new Error(`Event ${events} is missing.`)
    }
  }
  return events
}

answerCalls(
  {
    threads: () => threads,
    /** Creates jobs that wait for `emit`. */
    async prepare({ jobs, ...input }) {
      await Promise.all(Array.from({ length: jobs }, () => create(input)))
      await until(async () => (await inStatus('emitter', 'running')) === jobs)
    },
    /** Lets them go, and waits until all are completed. Gives seconds. */
    async emit({ jobs }) {
      const began = seconds()
      begin()
      await until(async () => (await inStatus('emitter', 'completed')) === jobs)
      return seconds() - began
    },
    /** Makes a finished log of so many events. */
    async makeLog({ events, bytes }) {
      begin()
      const id = await create({ events, bytes, ahead: 500 })
      await engine.finished(id, new AbortController().signal)
      return { id }
    },
    /** Follows a log from its start to its end, several times. Gives events a second. */
    async replay({ id, withData, times }) {
      const began = seconds()
      let events = 0
      for (let time = 0; time < times; time++) events += await readLog(id, withData)
      return events / (seconds() - began)
    },
    /** Creates empty jobs, so many creations at a time or in bulk, and waits until all are completed. Gives jobs a second. */
    async emptyJobs({ jobs, creating, bulk = false }) {
      const before = await inStatus('empty', 'completed')
      const began = seconds()
      let left = jobs
      const creator = async () => {
        while (left > 0) {
          const count = bulk ? Math.min(BULK, left) : 1
          left -= count
          if (bulk) await engine.stores.jobs.create(Array.from({ length: count }, () => ({ id: randomUUID(), type: 'empty', input: {} })))
          else await engine.create('empty', {})
        }
      }
      await Promise.all(Array.from({ length: bulk ? BULK_CREATORS : creating }, creator))
      const created = seconds()
      await until(async () => (await inStatus('empty', 'completed')) - before === jobs)
      return { jobs: jobs / (seconds() - began), created: jobs / (created - began) }
    },
  },
  close,
)
