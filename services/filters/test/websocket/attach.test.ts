import { describe, expect, it } from 'vitest'
import type { ServerMessage } from '../../dist/wire/websocket/messages.js'
import { READ_KEY, RUN_KEY, startServer } from './support/start.js'

/** What `attach` says of the last message that a client has. */
function cursorOf(message: ServerMessage | undefined): number | string {
  if (message === undefined || !('seq' in message)) throw new Error('This message has no seq.')
  return message.seq
}

/** A message as it is on every connection. */
function withoutTime({ timestamp: _timestamp, ...message }: ServerMessage): unknown {
  return message
}

describe('attach after a lost connection', () => {
  it('goes on after the last message, without a gap or a repeat, under another name', async () => {
    const { connect, nextRun } = await startServer()
    const first = connect()
    await first.compile('a')
    const { jobId, token } = await first.nextOf('compile:started')
    const run = await nextRun()
    for (const text of ['1', '2', '3']) await run.say(text)
    await expect.poll(() => first.of('a').length).toBe(4)
    first.ws.terminate()
    // A disconnect is not a cancel.
    for (const text of ['4', '5']) await run.say(text)
    expect(run.ctx.signal.aborted).toBe(false)

    const second = connect()
    await second.send({ type: 'attach', sessionId: 'again', jobId, token, after: cursorOf(first.of('a').at(-1)) })
    expect(await second.nextOf('compile:attached')).toMatchObject({
      sessionId: 'again',
      jobId,
      configurationName: 'List a',
      status: 'running',
    })
    await run.say('6')
    await run.complete(['[]'], 0)
    await second.nextOf('compile:complete')
    const texts = [...first.of('a'), ...second.of('again')].flatMap((message) =>
      message.type === 'event' && message.eventType === 'log' ? [(message.data as { message: string }).message] : [],
    )
    expect(texts).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  it('opens three sessions on a connection and no more', async () => {
    const { connect, nextRun } = await startServer()
    const first = connect()
    await first.compile('a')
    const { jobId, token } = await first.nextOf('compile:started')
    const run = await nextRun()
    const client = connect()
    for (const sessionId of ['1', '2', '3', '4']) await client.send({ type: 'attach', sessionId, jobId, token })
    expect(await client.nextOf('error')).toMatchObject({ code: 'TOO_MANY_COMPILATIONS', sessionId: '4' })
    await client.compile('5')
    expect(await client.nextOf('error')).toMatchObject({ code: 'TOO_MANY_COMPILATIONS', sessionId: '5' })
    await run.complete(['[]'], 0)
    for (let over = 0; over < 3; over += 1) await client.nextOf('compile:complete')
    await client.send({ type: 'attach', sessionId: '4', jobId, token })
    await client.nextOf('compile:attached')
  })

  it('gives the same messages from every cursor, also within the last event', async () => {
    const { connect, nextRun } = await startServer()
    const first = connect()
    await first.compile('a')
    const { jobId, token } = await first.nextOf('compile:started')
    const run = await nextRun()
    await run.say('1')
    await run.complete(['["x"]'], 1)
    await first.nextOf('compile:complete')
    const whole = first.of('a')
    for (let have = 0; have < whole.length; have += 1) {
      const client = connect()
      const after = have === 0 ? 0 : cursorOf(whole[have - 1])
      await client.send({ type: 'attach', sessionId: 'a', jobId, token, after })
      await client.nextOf('compile:complete')
      const [attached, ...rest] = client.of('a')
      expect(attached).toMatchObject({ type: 'compile:attached', status: 'completed' })
      expect(rest.map(withoutTime)).toEqual(whole.slice(have).map(withoutTime))
      client.ws.close()
    }
  })

  it('works after a restart of the server, which begins the compilation again', async () => {
    const one = await startServer()
    const first = one.connect()
    await first.compile('a')
    const { jobId, token } = await first.nextOf('compile:started')
    await (await one.nextRun()).say('before')
    await first.nextOf('event')
    await one.stop()
    expect(await first.closed).toMatchObject({ code: 1012, reason: expect.stringMatching(/^retry after \d+ ms$/) })

    const two = await startServer({ folder: one.folder })
    const second = two.connect()
    await second.send({ type: 'attach', sessionId: 'a', jobId, token, after: cursorOf(first.of('a').at(-1)) })
    const run = await two.nextRun()
    await run.say('after')
    await run.complete(['[]'], 0)
    await second.nextOf('compile:complete')
    const seqs = [...first.of('a'), ...second.of('a').slice(1)].map((message) => Math.floor(Number('seq' in message ? message.seq : 0)))
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
    expect(JSON.stringify(second.of('a'))).not.toContain('before')
  })

  it('controls the compilation with its token, and only reads with a key that may only read', async () => {
    const { connect, nextRun } = await startServer()
    const first = connect()
    await first.compile('a')
    const { jobId, token } = await first.nextOf('compile:started')
    const run = await nextRun()
    first.ws.terminate()
    const reader = connect([READ_KEY])
    await reader.send({ type: 'attach', sessionId: 'r', jobId, after: 1 })
    await reader.nextOf('compile:attached')
    await reader.send({ type: 'cancel', sessionId: 'r' })
    expect(await reader.nextOf('error')).toMatchObject({ code: 'FORBIDDEN', sessionId: 'r' })
    expect(run.ctx.signal.aborted).toBe(false)
    const second = connect()
    await second.send({ type: 'attach', sessionId: 'b', jobId, token, after: 1 })
    await second.send({ type: 'cancel', sessionId: 'b' })
    await second.nextOf('compile:cancelled')
    expect(await reader.nextOf('compile:cancelled')).toMatchObject({ sessionId: 'r' })
  })

  it('is refused without the token, with that of another compilation, and for other jobs', async () => {
    const { connect } = await startServer()
    const client = connect()
    await client.compile('a')
    const { jobId } = await client.nextOf('compile:started')
    await client.compile('b')
    const { token } = await client.nextOf('compile:started')
    const stranger = connect()
    await stranger.send({ type: 'attach', sessionId: 'a', jobId })
    expect(await stranger.nextOf('error')).toMatchObject({ code: 'UNAUTHORIZED', sessionId: 'a' })
    await stranger.send({ type: 'attach', sessionId: 'a', jobId, token })
    expect(await stranger.nextOf('error')).toMatchObject({ code: 'FORBIDDEN' })
    const nobody = '7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51'
    const holder = connect([RUN_KEY])
    await holder.send({ type: 'attach', sessionId: 'x', jobId: nobody })
    expect(await holder.nextOf('error')).toMatchObject({ code: 'JOB_NOT_FOUND' })
  })

  it('says that a cursor is beyond what there is', async () => {
    const { connect, nextRun } = await startServer()
    const client = connect()
    await client.compile('a')
    const { jobId, token } = await client.nextOf('compile:started')
    const run = await nextRun()
    const other = connect()
    await other.send({ type: 'attach', sessionId: 'a', jobId, token, after: 99 })
    expect(await other.nextOf('reset')).toMatchObject({ sessionId: 'a', reason: 'ahead', after: 0 })
    await run.complete(['[]'], 0)
    await other.nextOf('compile:complete')
  })
})

describe('a large list', () => {
  it('comes whole, and again after the connection broke in the middle of it', async () => {
    const { connect, nextRun } = await startServer()
    const client = connect()
    await client.compile('a')
    const { jobId, token } = await client.nextOf('compile:started')
    const rules = Array.from({ length: 200_000 }, (_, index) => `||host-${index}.example.com^`)
    const text = JSON.stringify(rules)
    const run = await nextRun()
    const parts = Array.from({ length: Math.ceil(text.length / 65_536) }, (_, index) => text.slice(index * 65_536, (index + 1) * 65_536))
    let done: ServerMessage | undefined
    client.ws.on('message', () => {
      // Before the list itself, which can't come in one read.
      const last = client.received.at(-1)
      if (last?.type !== 'event' || last.eventType !== 'done') return
      done = last
      client.ws.terminate()
    })
    await run.complete(parts, rules.length)
    await client.closed
    expect(client.received.at(-1)).toBe(done)

    const second = connect()
    await second.send({ type: 'attach', sessionId: 'a', jobId, token, after: cursorOf(done) })
    const complete = await second.nextOf('compile:complete')
    expect(complete.rules).toEqual(rules)
    expect(second.of('a').map(({ type }) => type)).toEqual(['compile:attached', 'compile:complete'])
  })
})
