import { systemClock } from '@headway/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { HELD, heldBatch, KNOWN, startHeld } from '../support/held.js'
import type { Batch } from '../support/held.js'
import { talkTo } from '../support/socket.js'
import type { Talk } from '../support/socket.js'
import { start } from '../support/start.js'

const server = onceForTests((atEnd) => startHeld(atEnd))

/** A connection to a job that waits for a book, with its token. */
async function talk(): Promise<Talk & { readonly batch: Batch }> {
  const batch = await heldBatch(server())
  return { ...(await opened(batch.websocketUrl, batch.authToken)), batch }
}

async function opened(url: string, token?: string): Promise<Talk> {
  const connection = await talkTo(url, token)
  onTestFinished(() => connection.end())
  return connection
}

/** Where a job is watched, without a ticket. */
const urlOf = (jobId: string, rest = ''): string => `${server().url.replace('http', 'ws')}/ws/progress?jobId=${jobId}${rest}`
const statusOf = async ({ jobId }: Batch) => (await server().json(`/v1/jobs/${jobId}/status`)).data['status']

describe('a message that makes no sense is answered, and the connection goes on', () => {
  test.each([
    ['no JSON', '{"type":', 'INVALID_MESSAGE'],
    ['no object', '["ready"]', 'INVALID_MESSAGE'],
    ['bytes', Buffer.from([1, 2, 3]), 'INVALID_MESSAGE'],
    ['no type', {}, 'INVALID_MESSAGE'],
    ['an unknown type', { type: 'start' }, 'UNKNOWN_MESSAGE_TYPE'],
    ['another job', { type: 'ready', jobId: crypto.randomUUID() }, 'INVALID_MESSAGE'],
    ['cancel for another job', { type: 'cancel', jobId: crypto.randomUUID() }, 'INVALID_MESSAGE'],
    ['a cursor that is none', { type: 'ready', after: 'yesterday' }, 'INVALID_MESSAGE'],
    ['a cursor before the beginning', { type: 'ready', after: -1 }, 'INVALID_MESSAGE'],
    ['5 KB', { type: 'cancel', reason: 'x'.repeat(5000) }, 'MESSAGE_TOO_LARGE'],
  ])('%s', async (_, message, code) => {
    const { say, hear, batch } = await talk()
    say(message)
    expect(await hear('error')).toMatchObject({ jobId: batch.jobId, seq: 0, error: { code, message: expect.any(String) } })
    say({ type: 'ping' })
    expect(await hear('pong')).toMatchObject({ jobId: batch.jobId, seq: expect.any(Number) })
    expect(['initialized', 'processing']).toContain(await statusOf(batch))
  })

  test('too often, and it is closed', async () => {
    const { say, closed } = await talk()
    for (let n = 0; n < 20; n += 1) say('{')
    expect(await closed).toBe(1008)
  })

  test('1 MB is not read', async () => {
    const { say, hear, closed } = await talk()
    say('x'.repeat(1024 * 1024))
    expect(await hear('error')).toMatchObject({ error: { code: 'MESSAGE_TOO_LARGE' } })
    expect(await closed).toBe(1009)
  })
})

describe('ready', () => {
  test('twice: the second one repeats nothing', async () => {
    const { say, hear, messages } = await talk()
    say({ type: 'ready' })
    await hear('ready_ack')
    for (const _ of KNOWN) await hear('book_enriched')
    say({ type: 'ready' })
    await hear('ready_ack')
    say({ type: 'ping' })
    await hear('pong')
    expect(messages.filter(({ type }) => type === 'book_enriched')).toHaveLength(KNOWN.length)
  })

  test('late: the stream goes on from where the client is, and says so; it never goes back', async () => {
    const running = await startHeld(onTestFinished, { readyMs: 0 })
    const { websocketUrl, authToken, jobId } = await heldBatch(running)
    const { say, hear, messages } = await opened(websocketUrl, authToken)
    for (const _ of KNOWN) await hear('progress')
    const seq = Number(messages.at(-1)?.['seq'])
    say({ type: 'ready', after: 0 })
    expect(await hear('ready_ack')).toMatchObject({ seq })
    say({ type: 'ready', after: 9999 })
    expect(await hear('ready_ack')).toMatchObject({ seq: 9999 })
    expect(await hear('reset')).toMatchObject({ seq: 0, jobId })
    for (const _ of KNOWN) await hear('progress')
    expect(messages.filter(({ type }) => type === 'progress')).toHaveLength(2 * KNOWN.length)
    for (const message of messages) expect(message).toMatchObject({ jobId, seq: expect.anything() })
  })

  test('beyond what there is: the client is told to throw away what it has', async () => {
    const { say, hear, batch } = await talk()
    say({ type: 'ready', after: 9999 })
    await hear('ready_ack')
    expect(await hear('reset')).toMatchObject({ after: 0, jobId: batch.jobId })
    for (const _ of KNOWN) await hear('book_enriched')
  })

  test('in the middle: what comes is what is missing', async () => {
    const first = await talk()
    first.say({ type: 'ready' })
    const { seq } = await first.hear('book_enriched')
    const second = await opened(first.batch.websocketUrl, first.batch.authToken)
    second.say({ type: 'ready', after: seq })
    await second.hear('book_enriched')
    await first.hear('book_enriched')
    const [, next] = first.messages.filter(({ type }) => type === 'book_enriched')
    expect(second.messages.filter(({ type }) => type === 'book_enriched')[0]).toEqual(next)
  })
})

describe('who may', () => {
  test('a ticket looks on and can not cancel', async () => {
    const batch = await heldBatch(server())
    const { say, hear } = await opened(batch.websocketUrl)
    say({ type: 'ready' })
    await hear('ready_ack')
    say({ type: 'cancel' })
    expect(await hear('error')).toMatchObject({ error: { code: 'FORBIDDEN' } })
    expect(['initialized', 'processing']).toContain(await statusOf(batch))
  })

  test.each([
    ['a token that is none', () => 'not.a.token', 4401],
    ['nothing', () => undefined, 4401],
    ['the token of another job', async () => (await heldBatch(server())).authToken, 4403],
  ])('%s does not', async (_, token, code) => {
    const { jobId } = await heldBatch(server())
    const { closed, messages } = await opened(urlOf(jobId), await token())
    expect(await closed).toBe(code)
    expect(messages).toEqual([])
  })

  test.each(['', '?jobId=', '?jobId=xx'])('a URL that names no job says so: /ws/progress%s', async (query) => {
    const { authToken } = await heldBatch(server())
    const { closed, closeReason } = await opened(`${server().url.replace('http', 'ws')}/ws/progress${query}`, authToken)
    expect(await closed).toBe(1008)
    expect(closeReason()).toContain('names no job')
  })

  test('a token that was cut is not taken for a key', async () => {
    const { jobId, authToken } = await heldBatch(server())
    const cut = authToken.slice(0, 20)
    const { closed, closeReason } = await opened(urlOf(jobId), cut)
    expect(await closed).toBe(4401)
    const answer = await server().ask(`/api/v2/jobs/${jobId}/cancel`, { method: 'DELETE', token: cut })
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: { code: 'UNAUTHORIZED', message: closeReason() } }])
    expect(closeReason()).toBe('This is neither an API key nor the token of a job.')
  })

  test('a job that is not there', async () => {
    const { authToken } = await heldBatch(server())
    const { closed } = await opened(urlOf(crypto.randomUUID()), authToken)
    expect([1008, 4403]).toContain(await closed)
  })

  test('?token= in the URL, which is over', async () => {
    const { jobId, authToken } = await heldBatch(server())
    const { closed } = await opened(urlOf(jobId, `&token=${authToken}`))
    expect(await closed).toBe(4401)
  })

  test('?token= where a setting turns it on: it cancels, too', async () => {
    const running = await startHeld(onTestFinished, { urlTokens: true })
    const { jobId, authToken } = await heldBatch(running)
    const { say, hear, closed } = await opened(`${running.url.replace('http', 'ws')}/ws/progress?jobId=${jobId}&token=${authToken}`)
    say({ type: 'ready' })
    await hear('book_enriched')
    say({ type: 'cancel' })
    await hear('canceled')
    expect(await closed).toBe(1000)
  })

  test('a token that has expired', async () => {
    let later = 0
    const clock = { ...systemClock, now: () => systemClock.now() + later }
    const { json, url } = await start({ server: { clock } })
    const { data } = await json('/v1/enrichment/batch', { json: { books: [{ isbn: HELD.isbn13 }] } })
    const { jobId, authToken } = data as unknown as Batch
    later = 61 * 60_000
    const { closed } = await opened(`${url.replace('http', 'ws')}/ws/progress?jobId=${jobId}`, authToken)
    expect(await closed).toBe(4401)
  })
})
