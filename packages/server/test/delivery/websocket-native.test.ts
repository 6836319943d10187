import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SocketClient } from './support/socket-client.js'
import { openNative } from './support/sockets.js'

describe('the native socket', () => {
  it('welcomes, attaches, sends every event with its seq and says when a job is over', async () => {
    const { url, drive } = await openNative()
    const job = await drive()
    const client = new SocketClient(`${url}/ws`, ['reader'])
    expect(await client.next()).toMatchObject({ type: 'welcome', version: '1.2.3', maxJobs: 100, heartbeatMs: 30_000 })
    client.send({ type: 'attach', jobId: job.id, after: 1 })
    expect(await client.next()).toEqual({ type: 'attached', jobId: job.id, after: 1, head: 2 })
    expect(await client.next()).toMatchObject({ type: 'event', jobId: job.id, seq: 2, event: { seq: 2, type: 'claimed' } })
    await job.emit('step', { text: 'ö' })
    expect(await client.next()).toMatchObject({ type: 'event', seq: 3, event: { data: { text: 'ö' } } })
    await job.finish()
    expect(await client.next()).toMatchObject({ type: 'event', seq: 4, event: { type: 'completed' } })
    expect(await client.next()).toEqual({ type: 'end', jobId: job.id, seq: 4 })
    client.send({ type: 'attach', jobId: job.id, after: 4 })
    expect([await client.next(), await client.next()]).toMatchObject([
      { type: 'attached', after: 4, head: 4 },
      { type: 'end', seq: 4 },
    ])
  })

  it('watches several jobs, and stops watching one', async () => {
    const { url, drive } = await openNative()
    const [first, second] = [await drive(), await drive()]
    const client = new SocketClient(`${url}/ws`, ['reader'])
    for (const { id } of [first, second]) client.send({ type: 'attach', jobId: id, after: 2 })
    await client.nextOf('attached')
    await client.nextOf('attached')
    await first.emit('step', 1)
    expect(await client.next()).toMatchObject({ type: 'event', jobId: first.id })
    await second.emit('step', 1)
    expect(await client.next()).toMatchObject({ type: 'event', jobId: second.id })
    client.send({ type: 'detach', jobId: first.id })
    expect(await client.next()).toEqual({ type: 'detached', jobId: first.id })
    await first.emit('step', 2)
    await second.emit('step', 2)
    expect(await client.next()).toMatchObject({ type: 'event', jobId: second.id, seq: 4 })
    client.send({ type: 'attach', jobId: first.id, after: 3 })
    expect([await client.next(), await client.next()]).toMatchObject([{ type: 'attached' }, { type: 'event', jobId: first.id, seq: 4 }])
  })

  it('controls a job only with a right to it, from whoever connected or from the message', async () => {
    const { url, drive } = await openNative()
    const job = await drive()
    const client = new SocketClient(`${url}/ws`)
    client.send({ type: 'attach', jobId: job.id })
    expect(await client.nextOf('error')).toMatchObject({ code: 'UNAUTHORIZED', jobId: job.id })
    client.send({ type: 'cancel', jobId: job.id, token: 'reader' })
    expect(await client.next()).toMatchObject({ type: 'error', code: 'FORBIDDEN', jobId: job.id })
    expect(job.signal.aborted).toBe(false)
    client.send({ type: 'pause', jobId: job.id, token: 'writer' })
    expect(await client.next()).toMatchObject({ type: 'error', code: 'NOT_PAUSABLE' })
    client.send({ type: 'attach', jobId: job.id, token: 'reader', after: 2 })
    expect(await client.next()).toMatchObject({ type: 'attached' })
    client.send({ type: 'cancel', jobId: job.id, token: 'writer', reason: 'enough' })
    expect(await client.nextOf('accepted')).toEqual({ type: 'accepted', jobId: job.id, request: 'cancel' })
    await client.nextOf('end')
    client.send({ type: 'cancel', jobId: job.id, token: 'writer' })
    expect(await client.next()).toMatchObject({ type: expect.stringMatching(/accepted|error/) as string })
  })

  it('answers what it can not do with a stable code, and goes on', async () => {
    const { url, drive } = await openNative({ settings: { maxSocketJobs: 1 } })
    const job = await drive()
    const client = new SocketClient(`${url}/ws`, ['writer'])
    await client.nextOf('welcome')
    const unknown = randomUUID()
    const cases: readonly [unknown, object][] = [
      ['{', { code: 'INVALID_MESSAGE' }],
      ['[]', { code: 'INVALID_MESSAGE' }],
      ['null', { code: 'INVALID_MESSAGE' }],
      [
        { type: 'attach', jobId: 'no-uuid' },
        { code: 'INVALID_MESSAGE', jobId: 'no-uuid', message: 'The message does not fit: /jobId: Invalid UUID' },
      ],
      [
        { type: 'attach', jobId: job.id, after: -1 },
        { code: 'INVALID_MESSAGE', jobId: job.id },
      ],
      [{ type: 'dance' }, { code: 'UNKNOWN_MESSAGE_TYPE' }],
      [
        { type: 'attach', jobId: unknown },
        { code: 'JOB_NOT_FOUND', jobId: unknown },
      ],
      [
        { type: 'detach', jobId: job.id },
        { code: 'NOT_ATTACHED', jobId: job.id },
      ],
      [{ type: 'ping', text: 'x'.repeat(17_000) }, { code: 'MESSAGE_TOO_LARGE' }],
    ]
    for (const [message, answer] of cases) {
      client.send(message)
      expect(await client.next()).toMatchObject({ type: 'error', ...answer })
    }
    client.send({ type: 'attach', jobId: job.id, after: 2 })
    expect(await client.next()).toMatchObject({ type: 'attached' })
    client.send({ type: 'attach', jobId: job.id })
    expect(await client.next()).toMatchObject({ code: 'ALREADY_ATTACHED' })
    client.send({ type: 'attach', jobId: (await drive()).id })
    expect(await client.next()).toMatchObject({ code: 'TOO_MANY_JOBS' })
    client.send({ type: 'ping' })
    expect(await client.next()).toEqual({ type: 'pong' })
  })

  it('closes with 1008 after too many bad messages in a row, and with 1009 after one that is far too large', async () => {
    const { url } = await openNative()
    const babbler = new SocketClient(`${url}/ws`, ['reader'])
    for (let n = 0; n < 10; n += 1) babbler.send('babble')
    expect(await babbler.closed()).toMatchObject({ code: 1008 })
    const loud = new SocketClient(`${url}/ws`, ['reader'])
    loud.send('x'.repeat(1_000_000))
    expect(await loud.closed()).toMatchObject({ code: 1009 })
    const patient = new SocketClient(`${url}/ws`, ['reader'])
    await patient.nextOf('welcome')
    for (let n = 0; n < 30; n += 1) {
      patient.send('babble')
      expect((await patient.next()).type).toBe('error')
      patient.send({ type: 'ping' })
      expect((await patient.next()).type).toBe('pong')
    }
  })

  it('does not take binary messages', async () => {
    const { url } = await openNative()
    const client = new SocketClient(`${url}/ws`, ['reader'])
    await client.nextOf('welcome')
    client.ws.send(Buffer.from('{"type":"ping"}'))
    expect(await client.next()).toMatchObject({ code: 'INVALID_MESSAGE' })
  })
})
