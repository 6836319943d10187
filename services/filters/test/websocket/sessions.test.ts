import type { BlobRef } from '@headway/core'
import { describe, expect, it } from 'vitest'
import { startServer } from './support/start.js'

describe('a connection to /ws/compile', () => {
  it('is welcomed with what the server can do', async () => {
    const { connect } = await startServer()
    expect(await connect().next()).toMatchObject({
      type: 'welcome',
      version: '0.0.0-test',
      connectionId: expect.stringMatching(/^.{8,}$/),
      capabilities: { maxConcurrentCompilations: 3, supportsPauseResume: true, supportsStreaming: true },
    })
  })

  it('answers a ping', async () => {
    const { connect } = await startServer()
    const client = connect()
    await client.send({ type: 'ping' })
    expect(await client.nextOf('pong')).toMatchObject({ timestamp: expect.any(String) })
  })

  it('is pinged, and closed with 4408 when it was idle for its time', async () => {
    const { connect } = await startServer({ socket: { idleMs: 1_500 }, delivery: { heartbeatMs: 200, tickMs: 20 } })
    const client = connect()
    let pings = 0
    client.ws.on('ping', () => (pings += 1))
    expect(await client.closed).toEqual({ code: 4408, reason: 'idle' })
    expect(pings).toBeGreaterThan(2)
  })

  it('is not idle while a compilation runs', async () => {
    const { connect, nextRun } = await startServer({ socket: { idleMs: 800 }, delivery: { heartbeatMs: 200, tickMs: 20 } })
    const client = connect()
    await client.compile('a')
    const run = await nextRun()
    for (let pings = 0; pings < 6; pings += 1) await new Promise((resolve) => client.ws.once('ping', resolve))
    await run.complete(['[]'], 0)
    await client.nextOf('compile:complete')
    expect(await client.closed).toEqual({ code: 4408, reason: 'idle' })
  })
})

describe('a compilation over /ws/compile', () => {
  it('shows its events when they happen, and its list at the end', async () => {
    const { connect, nextRun } = await startServer()
    const client = connect()
    await client.compile('a', { benchmark: true, preFetchedContent: { 'a.txt': '||a.example^' } })
    const started = await client.nextOf('compile:started')
    expect(started).toMatchObject({ seq: 1, sessionId: 'a', configurationName: 'List a', jobId: expect.any(String) })
    expect(started.token).toEqual(expect.any(String))
    const run = await nextRun()
    const source = { source: { name: 'a.txt', source: 'a.txt' }, sourceIndex: 0, totalSources: 1 }
    await run.ctx.emit('source:start', source)
    expect(await client.nextOf('event')).toMatchObject({ sessionId: 'a', seq: 3, eventType: 'source:start', data: source })
    await run.ctx.progress({ done: 1, total: 2, message: 'half' })
    expect(await client.nextOf('event')).toMatchObject({ eventType: 'progress', data: { current: 1, total: 2, message: 'half' } })
    await run.complete(['["||a.example^",', '"! <b>"]'], 2)
    const result = await client.nextOf('event')
    expect(result).toMatchObject({ eventType: 'result', seq: expect.stringMatching(/^\d+\.1$/), data: { success: true, ruleCount: 2 } })
    expect(result.data).not.toHaveProperty('rules')
    expect(await client.nextOf('event')).toMatchObject({
      eventType: 'done',
      seq: expect.stringMatching(/^\d+\.2$/),
      data: { success: true },
    })
    const complete = await client.nextOf('compile:complete')
    expect(complete).toMatchObject({
      rules: ['||a.example^', '! <b>'],
      ruleCount: 2,
      metrics: { totalDurationMs: 12, sourceCount: 1, ruleCount: 2 },
      compiledAt: '2026-11-22T10:30:01.234Z',
    })
    expect(complete).toMatchObject({ seq: expect.any(Number) })
  })

  it('takes large pre-fetched texts', async () => {
    const { connect, nextRun, engine } = await startServer()
    const client = connect()
    const text = '||a.example^\n'.repeat(100_000)
    await client.compile('a', { preFetchedContent: { 'a.txt': text } })
    const { jobId } = await client.nextOf('compile:started')
    const { preFetchedBlob } = (await engine.get(jobId)).input as unknown as { preFetchedBlob: BlobRef }
    const run = await nextRun()
    const parts = []
    for await (const part of run.ctx.blobs.read(preFetchedBlob)) parts.push(part)
    expect(Buffer.concat(parts).toString().endsWith(text)).toBe(true)
  })

  it('says what failed, with a code and without a stack', async () => {
    const { connect, nextRun } = await startServer()
    const client = connect()
    await client.compile('a')
    ;(await nextRun()).fail(new Error('It broke.'))
    const failed = await client.nextOf('compile:error')
    expect(failed).toMatchObject({ sessionId: 'a', error: 'It broke.', details: { code: 'job_error' } })
    expect(JSON.stringify(client.received)).not.toMatch(/\bat .*:\d+/)
  })

  it('is cancelled: the work stops, and the reason is told', async () => {
    const { connect, nextRun, engine } = await startServer()
    const client = connect()
    await client.compile('a')
    const { jobId } = await client.nextOf('compile:started')
    const run = await nextRun()
    await client.send({ type: 'cancel', sessionId: 'a', reason: 'Enough' })
    expect(await client.nextOf('compile:cancelled')).toMatchObject({ sessionId: 'a', reason: 'Enough' })
    expect(run.ctx.signal.aborted).toBe(true)
    expect((await engine.get(jobId)).status).toBe('cancelled')
    // The name is free again.
    await client.compile('a')
    await client.nextOf('compile:started')
  })

  it('rests while it is paused and goes on', async () => {
    const { connect, nextRun, engine } = await startServer()
    const client = connect()
    await client.compile('a')
    const { jobId } = await client.nextOf('compile:started')
    const run = await nextRun()
    await client.send({ type: 'pause', sessionId: 'a', reason: 'Lunch' })
    expect(await client.nextOf('compile:paused')).toMatchObject({ sessionId: 'a', reason: 'Lunch' })
    expect((await engine.get(jobId)).status).toBe('paused')
    await client.send({ type: 'resume', sessionId: 'a' })
    expect(await client.nextOf('compile:resumed')).toMatchObject({ sessionId: 'a' })
    await run.complete(['[]'], 0)
    await client.nextOf('compile:complete')
  })

  it('shares its connection with two others, each with its own numbers', async () => {
    const { connect, nextRun } = await startServer()
    const client = connect()
    const names = ['a', 'b', 'c']
    for (const name of names) await client.compile(name)
    for (const name of names) await client.firstOf('compile:started', name)
    const runs = [await nextRun(), await nextRun(), await nextRun()]
    await Promise.all(runs.map((run) => run.say('hello')))
    await Promise.all(runs.map((run) => run.complete(['["x"]'], 1)))
    for (const name of names) await client.firstOf('compile:complete', name)
    for (const name of names) {
      const seqs = client.of(name).map((message) => ('seq' in message ? Math.floor(Number(message.seq)) : 0))
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
      expect(client.of(name).map(({ type }) => type)).toEqual(['compile:started', 'event', 'event', 'event', 'compile:complete'])
    }
  })
})
