import { describe, expect, it } from 'vitest'
import { openHarness } from './support/harness.js'

interface Page {
  readonly events: readonly { readonly seq: number; readonly type: string }[]
  readonly next: number
  readonly head: number
  readonly closed: boolean
}

async function page(url: string): Promise<Page> {
  return (await (await fetch(url)).json()) as Page
}

describe('a poll', () => {
  it('gives pages from a cursor, with the cursor for the next', async () => {
    const { drive, url } = await openHarness()
    const job = await drive()
    for (let n = 1; n <= 5; n += 1) await job.emit('step', { n })
    expect(await page(`${url}/poll/${job.id}?limit=3`)).toMatchObject({
      events: [{ seq: 1 }, { seq: 2 }, { seq: 3 }],
      next: 3,
      head: 7,
      closed: false,
    })
    expect(await page(`${url}/poll/${job.id}?after=3&limit=100`)).toMatchObject({ events: [{ seq: 4 }, {}, {}, {}], next: 7, head: 7 })
    expect(await page(`${url}/poll/${job.id}?after=7`)).toEqual({ events: [], next: 7, head: 7, closed: false })
    await job.finish()
    expect(await page(`${url}/poll/${job.id}?after=8`)).toEqual({ events: [], next: 8, head: 8, closed: true })
    expect(await page(`${url}/poll/${job.id}?types=step,completed`)).toMatchObject({
      events: [3, 4, 5, 6, 7, 8].map((seq) => ({ seq })),
      next: 8,
    })
  })

  it('waits for news, and answers as soon as there is some', async () => {
    const { drive, url, delivery } = await openHarness()
    const job = await drive()
    const answer = page(`${url}/poll/${job.id}?after=2&wait=60`)
    await expect.poll(() => delivery.watchers.counts().poll).toBe(1)
    await job.emit('step', null)
    expect(await answer).toMatchObject({ events: [{ seq: 3 }], next: 3 })
    expect(delivery.watchers.size).toBe(0)
    const atOnce = await page(`${url}/poll/${job.id}?after=2&wait=60`)
    expect(atOnce.events).toHaveLength(1)
  })

  it('waits for the asked types only', async () => {
    const { drive, url, delivery } = await openHarness()
    const job = await drive()
    const answer = page(`${url}/poll/${job.id}?after=2&wait=60&types=wanted`)
    await expect.poll(() => delivery.watchers.counts().poll).toBe(1)
    await job.emit('other', null)
    await job.emit('wanted', null)
    expect(await answer).toMatchObject({ events: [{ seq: 4, type: 'wanted' }], next: 4 })
  })

  it('answers a wait with the end of the job', async () => {
    const { drive, url, delivery } = await openHarness()
    const job = await drive()
    const answer = page(`${url}/poll/${job.id}?after=2&wait=60`)
    await expect.poll(() => delivery.watchers.counts().poll).toBe(1)
    await job.finish()
    expect(await answer).toMatchObject({ events: [{ type: 'completed' }], closed: true })
  })

  it('ends its wait when the time is over, the client is gone or the server drains', async () => {
    const { drive, url, delivery } = await openHarness({ settings: { pollHintSeconds: 3 } })
    const job = await drive()
    const over = await fetch(`${url}/poll/${job.id}?after=2&wait=0.05`)
    expect([over.status, over.headers.get('retry-after')]).toEqual([200, '3'])
    const gone = new AbortController()
    const left = fetch(`${url}/poll/${job.id}?after=2&wait=60`, { signal: gone.signal })
    await expect.poll(() => delivery.watchers.counts().poll).toBe(1)
    gone.abort()
    await expect(left).rejects.toThrow()
    await expect.poll(() => delivery.watchers.counts().poll).toBe(0)
    const drained = page(`${url}/poll/${job.id}?after=2&wait=60`)
    await expect.poll(() => delivery.watchers.counts().poll).toBe(1)
    await delivery.watchers.drain(1000)
    expect(await drained).toMatchObject({ events: [], closed: false })
    expect(await (await fetch(`${url}/poll/${job.id}?after=2&wait=60`)).text()).toBe('SHUTTING_DOWN')
  })

  it('has a tag that changes with every event and with the end', async () => {
    const { drive, url } = await openHarness()
    const job = await drive()
    const tag = async (): Promise<string> => (await fetch(`${url}/poll/${job.id}?limit=1`)).headers.get('etag') ?? ''
    const tags = [await tag()]
    await job.emit('step', null)
    tags.push(await tag())
    await job.finish()
    tags.push(await tag())
    expect(new Set(tags).size).toBe(3)
    const known = (value: string): Promise<Response> => fetch(`${url}/poll/${job.id}?limit=1`, { headers: { 'If-None-Match': value } })
    for (const value of [tags[2] ?? '', `W/${tags[2]}`, `"other", ${tags[2]}`, '*']) {
      const same = await known(value)
      expect([same.status, await same.text(), same.headers.get('etag')], value).toEqual([304, '', tags[2]])
    }
    expect((await known(tags[1] ?? '')).status).toBe(200)
  })

  it('says in the page that history is gone', async () => {
    const { drive, url } = await openHarness()
    const job = await drive()
    await job.finish()
    expect(await page(`${url}/poll/${job.id}?after=10&wait=60`)).toMatchObject({
      reset: { type: 'reset', reason: 'ahead', after: 0, head: 3 },
      events: [{ seq: 1 }, { seq: 2 }, { seq: 3 }],
      next: 3,
    })
  })

  it('gives an event again to a client that has a part of it', async () => {
    const { drive, url } = await openHarness()
    const job = await drive()
    expect(await page(`${url}/poll/${job.id}?after=2.1`)).toMatchObject({ events: [{ seq: 2 }] })
  })
})
