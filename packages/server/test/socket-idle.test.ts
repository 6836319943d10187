import { afterEach, describe, expect, it } from 'vitest'
import { createdJob } from './support/answers.js'
import { RUN_KEY, startServer } from './support/start.js'
import type { TestServer } from './support/start.js'
import { SocketClient } from './delivery/support/socket-client.js'

let server: TestServer | undefined
async function start(times: { readonly socketIdleMs: number; readonly socketAttachMs: number }): Promise<TestServer> {
  server = await startServer({ delivery: { heartbeatMs: 20, tickMs: 5, ...times } })
  return server
}
afterEach(() => server?.stop())

const LONG = 600_000

describe('a socket that showed no credential', () => {
  it('is closed with 4408 unless it attaches soon, whatever else it says', async () => {
    const { url, ask } = await start({ socketIdleMs: LONG, socketAttachMs: 1_500 })
    const { job } = await createdJob(await ask('/jobs/wait', { json: {} }))
    const client = new SocketClient(`${url}/ws`)
    client.ws.on('message', () => client.send({ type: 'ping' }))
    client.send({ type: 'attach', jobId: job.id })
    expect(await client.nextOf('error')).toMatchObject({ code: 'UNAUTHORIZED' })
    expect(await client.closed()).toEqual({ code: 4408, reason: 'nothing attached in time' })
  })

  it('stays as long as it watches a job, and is closed with 4408 when it watches and says nothing', async () => {
    const { url, ask } = await start({ socketIdleMs: 100, socketAttachMs: 2_000 })
    const { job, token } = await createdJob(await ask('/jobs/wait', { json: {} }))
    const client = new SocketClient(`${url}/ws`)
    client.send({ type: 'attach', jobId: job.id, token })
    await client.nextOf('attached')
    // Longer than both limits.
    for (let n = 0; n < 110; n += 1) await client.nextOf('heartbeat')
    await ask(`/jobs/${job.id}/cancel`, { method: 'POST' })
    await client.nextOf('end')
    expect(await client.closed()).toEqual({ code: 4408, reason: 'idle' })
  })
})

describe('a socket that showed a key', () => {
  it('may take its time to attach, but is closed with 4408 when it says nothing: heartbeats do not count', async () => {
    const { url } = await start({ socketIdleMs: 1_500, socketAttachMs: 10 })
    const client = new SocketClient(`${url}/ws`, [RUN_KEY])
    for (let n = 0; n < 3; n += 1) await client.nextOf('heartbeat')
    expect(await client.closed()).toEqual({ code: 4408, reason: 'idle' })
  })
})
