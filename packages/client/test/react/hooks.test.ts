import { fileURLToPath } from 'node:url'
import { createClient } from '@headway/client'
import type { Page, Route } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { heldBatch, KNOWN, startHeld } from '../../../../services/books/test/support/held.js'
import { csvForm, textsOf } from '../../../../services/books/test/support/start.js'
import { browserForTests } from '../../../../test/e2e/support/browser.js'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { builtPage } from '../support/built-page.js'
import type { Asked, View } from './page/asked.js'
import { RUN_KEY, startServer } from '../support/start-server.js'

const PAGE = fileURLToPath(new URL('page/main.tsx', import.meta.url))
const browser = browserForTests()

/** As the page sees itself. */
declare const asked: Asked

async function shows(page: Page, ...views: readonly View[]): Promise<void> {
  await page.evaluate((given) => asked.show(given), views)
}

/** What an output of the page says. */
function said(page: Page, name: string): () => Promise<Record<string, unknown>> {
  return async () => JSON.parse((await page.locator(`#${name}`).textContent()) ?? 'null') as Record<string, unknown>
}

describe('in a real browser, under StrictMode', () => {
  const server = onceForTests(async (atEnd) => {
    const running = await startServer({ pages: { folder: await builtPage(PAGE, atEnd) } })
    atEnd(running.stop)
    return running
  })

  async function opened(key = RUN_KEY): Promise<{ page: Page; follows: () => number }> {
    let follows = 0
    const page = await browser.open('about:blank')
    page.on('request', (request) => void (follows += request.url().endsWith('/follow') ? 1 : 0))
    await page.goto(`${server().url}/${key && `#key=${key}`}`)
    await page.locator('#connection').waitFor()
    return { page, follows: () => follows }
  }

  test('thousands of events a second render once a frame at most, and every event is there', async () => {
    const { page } = await opened()
    const EVENTS = 20_000
    const { job } = await server().engine.create('count', { to: EVENTS })
    await shows(
      page,
      { key: 'a', kind: 'follow', id: job.id },
      { key: 'b', kind: 'follow', id: job.id },
      { key: 'c', kind: 'job', id: job.id },
    )
    await expect.poll(said(page, 'job')).toMatchObject({ status: 'completed', connection: 'closed' })
    const outputs = page.locator('#follow')
    await expect
      .poll(async () => (await outputs.allTextContents()).map((text) => (JSON.parse(text) as { ended: boolean }).ended))
      .toEqual([true, true])
    const { head } = await server().engine.get(job.id)
    for (const text of await outputs.allTextContents()) {
      expect(JSON.parse(text)).toEqual({ first: head - 499, last: head, dropped: head - 500, isDense: true, ended: true, cursor: head })
    }
    const { commits, frames } = await page.evaluate(() => ({ ...asked }))
    // Two of them are shown; StrictMode mounts each twice.
    expect((commits['follow'] ?? 0) / 2).toBeLessThanOrEqual(frames + 2)
  })

  test('remounts in a storm keep the one connection, and when nobody looks any more it is closed', async () => {
    const { page, follows } = await opened()
    const { job } = await server().engine.create('gated', { to: 100 })
    await shows(page, { key: 'first', kind: 'follow', id: job.id })
    await expect.poll(said(page, 'connection')).toBe('live')
    const before = follows()
    for (let turn = 0; turn < 60; turn += 1) {
      server().gate.allow(1)
      await shows(page, { key: `follow ${turn}`, kind: 'follow', id: job.id })
      if (turn % 3 === 0) await shows(page)
    }
    server().gate.allow(40)
    await expect.poll(said(page, 'follow')).toMatchObject({ ended: true, isDense: true, first: 1, dropped: 0 })
    expect(follows()).toBe(before)
    await shows(page)
    await expect.poll(said(page, 'connection')).toBe('closed')
  })

  test('a job is paused, resumed and cancelled in sight, and a list of jobs is fresh', async () => {
    const { page } = await opened()
    await shows(page, { key: 'list', kind: 'jobs' })
    await expect.poll(said(page, 'jobs')).toMatchObject({ loading: false })
    const { job } = await server().engine.create('gated', { to: 10_000 })
    await expect.poll(said(page, 'jobs')).toMatchObject({ jobs: expect.arrayContaining([[job.id, 'running']]) })
    await shows(page, { key: 'list', kind: 'jobs' }, { key: 'one', kind: 'job', id: job.id })
    await expect.poll(said(page, 'job')).toMatchObject({ status: 'running', connection: 'live' })
    await page.getByRole('button', { name: 'pause' }).click()
    // It rests where it may: after an event.
    const going = async (): Promise<unknown> => {
      server().gate.allow(1)
      return said(page, 'job')()
    }
    await expect.poll(going).toMatchObject({ status: 'paused' })
    await page.getByRole('button', { name: 'resume' }).click()
    await expect.poll(said(page, 'job')).toMatchObject({ status: 'running' })
    await page.getByRole('button', { name: 'cancel' }).click()
    await expect.poll(said(page, 'job')).toMatchObject({ status: 'cancelled', connection: 'closed' })
    await expect.poll(said(page, 'jobs')).toMatchObject({ jobs: expect.arrayContaining([[job.id, 'cancelled']]) })
    await shows(page, { key: 'none', kind: 'job', id: '00000000-0000-4000-8000-000000000000' })
    await expect.poll(said(page, 'job')).toMatchObject({ error: expect.any(String), connection: 'closed' })
  })

  test('a token that comes late is taken; an error of one answer is not shown for ever; a client that is closed ends no log', async () => {
    const { page } = await opened('')
    const { job, token } = await createClient({ baseUrl: server().url, apiKey: RUN_KEY }).jobs.create('gated', { to: 10_000 })
    const late = (given = {}): readonly View[] => [
      { key: 'one', kind: 'job', id: job.id, ...given },
      { key: 'all', kind: 'follow', id: job.id, ...given },
    ]
    await shows(page, ...late())
    await expect.poll(said(page, 'job')).toMatchObject({ error: expect.any(String), connection: 'closed' })
    await shows(page, ...late({ token }))
    await expect.poll(said(page, 'job')).toMatchObject({ status: 'running', connection: 'live' })
    expect(await said(page, 'job')()).not.toHaveProperty('error')
    await expect.poll(said(page, 'follow')).toMatchObject({ first: 1 })

    // What is resumed is asked for, as its events do not tell whether a worker has it.
    await page.getByRole('button', { name: 'pause' }).click()
    const going = async (): Promise<unknown> => {
      server().gate.allow(1)
      return said(page, 'job')()
    }
    await expect.poll(going).toMatchObject({ status: 'paused' })
    let failures = 0
    await page.route(`**/jobs/${job.id}`, async (route) => {
      failures += 1
      return failures === 1 ? route.fulfill({ status: 503 }) : route.fallback()
    })
    await page.getByRole('button', { name: 'resume' }).click()
    await expect.poll(() => failures).toBeGreaterThan(1)
    await expect.poll(said(page, 'job')).toMatchObject({ status: 'running', connection: 'live' })
    await expect.poll(said(page, 'job')).not.toHaveProperty('error')

    await page.evaluate(() => asked.close())
    await expect.poll(said(page, 'job')).toMatchObject({ connection: 'closed' })
    expect(await said(page, 'follow')()).toMatchObject({ ended: false })
  })

  test('while the jobs of another query are asked for, those of the one before stay', async () => {
    const { page } = await opened()
    const { job } = await server().engine.create('fail', {})
    await shows(page, { key: 'list', kind: 'jobs', id: 'fail' })
    await expect.poll(said(page, 'jobs')).toEqual({ loading: false, jobs: [[job.id, 'failed']] })
    const asking = new Promise<Route>((resolve) => void page.route('**/jobs?type=count*', resolve))
    await shows(page, { key: 'list', kind: 'jobs', id: 'count' })
    await expect.poll(said(page, 'jobs')).toEqual({ loading: true, jobs: [[job.id, 'failed']] })
    await (await asking).fulfill({ json: { jobs: [], nextCursor: null } })
    await expect.poll(said(page, 'jobs')).toEqual({ loading: false, jobs: [] })
  })
})

describe('the streams of books', () => {
  const server = onceForTests(async (atEnd) => startHeld(atEnd, { server: { pages: { folder: await builtPage(PAGE, atEnd) } } }))

  test('are followed to their end, and cancelled', async () => {
    const running = server()
    const page = await browser.open(running.url)
    await page.locator('#connection').waitFor()
    const rows = ['Title,ISBN13', ...KNOWN.map(({ title, isbn13 }) => `${title},${isbn13}`)]
    const { sseUrl } = textsOf((await running.json('/api/v2/imports', { body: csvForm(rows.join('\n')) })).data, 'sseUrl')
    const { websocketUrl, authToken } = await heldBatch(running)
    await shows(page, { key: 'sse', kind: 'sse', id: sseUrl }, { key: 'socket', kind: 'socket', id: websocketUrl, token: authToken })
    await expect.poll(said(page, 'sse')).toEqual({ progress: 1, status: 'completed', books: KNOWN.length })
    await expect
      .poll(said(page, 'socket'))
      .toMatchObject({ connected: true, progress: expect.closeTo(KNOWN.length / (KNOWN.length + 1), 3) })
    await page.getByRole('button', { name: 'cancel' }).click()
    await expect.poll(said(page, 'socket')).toMatchObject({ connected: false, canceled: true })
  })
})
