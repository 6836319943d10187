import { Queue, Worker } from 'bullmq'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { dataOfSize } from '../lib/payload.mjs'
import { quantile } from '../lib/stats.mjs'

// Progress and log lines of running jobs through BullMQ.

const POLL_MS = 20
const connection = { host: '127.0.0.1', port: Number(process.env['HEADWAY_BENCH_REDIS']), maxRetriesPerRequest: null }
const queue = new Queue('speaker', { connection })
const running = []
let finish
const finished = new Promise((resolve) => (finish = resolve))
let worker

answerCalls(
  {
    async prepare({ jobs }) {
      worker = new Worker(
        'speaker',
        async (job) => {
          running.push(job)
          await finished
        },
        { connection, concurrency: jobs },
      )
      await queue.addBulk(Array.from({ length: jobs }, () => ({ name: 'speak', data: {} })))
      while (running.length < jobs) await sleep(POLL_MS)
    },
    /** Each job says so much, and waits for every `ahead`th. */
    async loop({ events, bytes, ahead = 1 }) {
      const line = dataOfSize(bytes).text.slice(0, bytes)
      const delays = []
      let turn = 0
      const speak = (job) => (turn++ % 2 === 0 ? job.updateProgress({ done: turn, total: 1_000_000, message: 'Copying' }) : job.log(line))
      const start = seconds()
      await Promise.all(
        running.map(async (job) => {
          for (let event = 0; event < events; event += ahead) {
            const began = seconds()
            await Promise.all(Array.from({ length: ahead }, () => speak(job)))
            delays.push((seconds() - began) * 1000)
          }
        }),
      )
      const done = events * running.length
      return { events: done, rate: done / (seconds() - start), ackP50: quantile(delays, 0.5), ackP99: quantile(delays, 0.99) }
    },
  },
  async () => {
    finish()
    await worker?.close()
    await queue.close()
  },
)
