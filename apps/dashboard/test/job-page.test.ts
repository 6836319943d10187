import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../cli/src/demo/free-port.js'
import { startGatedLists } from '../../../test/e2e/support/gated-lists.js'
import { folderOfTest, onceForTests, startServer as startLauncher } from '../../../test/e2e/support/headway.js'
import { ROOT } from '../../../test/e2e/support/program.js'
import { launchBrowser, showTab, signIn, WAIT } from './job/support/open-page.js'
import { KEY, startServer } from './job/support/start-server.js'
import { expectGoodForAll } from './support/visit.js'

const ready = onceForTests(async (atEnd) => {
  const [server, browser] = await Promise.all([startServer(atEnd), launchBrowser(atEnd)])
  return { server, browser }
})

const status = (page: Page, name: string) => page.locator(`dd [data-status="${name}"]`).waitFor(WAIT)
const followed = (page: Page, state: string) => page.locator(`[data-follow=${state}]`).waitFor(WAIT)
const line = (page: Page, text: string) => page.getByRole('log').getByText(text, { exact: true }).waitFor(WAIT)
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
/** The focus went to another button with the one that was used. */
const focused = (page: Page, name: string) => expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(name)
const slider = (page: Page) => page.getByRole('slider', { name: 'Moment of the log' })
const log = (message: string, level = 'info') => ['log', { level, message }] as const

/** The seqs that the log of a page shows, from its first line to its last, as somebody sees them who goes through it. */
async function seqsOfLog(page: Page): Promise<number[]> {
  const view = page.getByRole('log')
  await view.focus()
  await view.press('Home')
  const rows = () =>
    view
      .getByRole('row')
      .evaluateAll((all) => all.map((row) => [Number(row.getAttribute('aria-rowindex')), Number(row.dataset['seq'])] as const))
  const count = Number(await view.getByRole('table').getAttribute('aria-rowcount'))
  const seqs: number[] = []
  await expect.poll(async () => (await rows())[0]?.[0]).toBe(1)
  while (seqs.length < count) {
    for (const [place, seq] of await rows()) seqs[place - 1] = seq
    await view.press('PageDown')
  }
  return seqs
}

describe('the page of a job', () => {
  test('shows a job live in three tabs, which rests, goes on and is cancelled', async () => {
    const { server, browser } = ready()
    const { openJob, mistakes } = await signIn(browser, server.url, onTestFinished)
    const id = await server.create('told', {
      events: [
        log('first'),
        ['progress', { done: 1, total: 4, message: 'a quarter' }],
        ['wait', null],
        ['progress', { done: 3, total: 4 }],
        log('second'),
        ['wait', null],
        log('never'),
      ],
    })
    const pages = await Promise.all([openJob(id), openJob(id), openJob(id)])
    const [one, two, three] = pages
    for (const page of pages) {
      await line(page, 'first')
      await followed(page, 'live')
      await page.getByText('a quarter').waitFor(WAIT)
      expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25')
    }
    await button(one, 'Pause').click()
    for (const page of pages) await status(page, 'paused')
    await focused(one, 'Resume')
    await button(two, 'Resume').click()
    for (const page of pages) await status(page, 'running')
    await showTab(three, 'Charts')
    await three.getByText('25 % done.').waitFor(WAIT)
    server.letOn()
    await three.getByText('75 % done.').waitFor(WAIT)
    await showTab(three, 'Log')
    for (const page of pages) await line(page, 'second')
    await button(three, 'Cancel').click()
    await three.getByLabel('Reason, for the log').fill('changed my mind')
    await expectGoodForAll(three)
    await button(three, 'Cancel the job').click()
    for (const page of pages) {
      await status(page, 'cancelled')
      await line(page, 'Cancelled: changed my mind')
      await followed(page, 'closed')
    }
    await focused(three, 'Retry')
    expect(await one.getByText('never').count()).toBe(0)
    expect(mistakes).toEqual([])
  })

  test('takes a job back to any moment, with the keyboard alone, and tries it again', async () => {
    const { server, browser } = ready()
    const { openJob, mistakes } = await signIn(browser, server.url, onTestFinished)
    const steps = Array.from({ length: 20 }, (_, n) => [
      log(`step ${n}`),
      ['progress', { done: n + 1, total: 20, message: `${n + 1} of 20` }] as const,
    ]).flat()
    const id = await server.create('told', { events: [...steps, ['fail', 'the last step broke']] })
    const page = await openJob(id)
    await status(page, 'failed')
    await line(page, 'Failed: the last step broke')
    await slider(page).focus()
    await page.keyboard.press('Home')
    await status(page, 'queued')
    await line(page, 'Created')
    expect(await page.getByRole('log').getByText('step 0').count()).toBe(0)
    for (let n = 0; n < 6; n += 1) await page.keyboard.press('ArrowRight')
    await line(page, 'step 2')
    expect(await page.getByRole('log').getByText('step 3').count()).toBe(0)
    await status(page, 'running')
    await page.getByText('2 of 20').waitFor(WAIT)
    await showTab(page, 'Timeline')
    expect(await page.getByRole('rowheader').allTextContents()).toHaveLength(3)
    await showTab(page, 'Events')
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe('7')
    await button(page, 'Play the log').click()
    await status(page, 'failed')
    await expect.poll(() => page.getByRole('table').getAttribute('aria-rowcount')).toBe('43')
    await button(page, 'Back to the end').click()
    await expectGoodForAll(page)
    await button(page, 'Retry').click()
    await page.waitForURL((url) => !url.href.includes(id), WAIT)
    await page.getByText('Runs again').waitFor(WAIT)
    expect(mistakes).toEqual([])
  })

  test('fills in the form of another job with the input of one that is over', async () => {
    const { server, browser } = ready()
    const { openJob, mistakes } = await signIn(browser, server.url, onTestFinished)
    const id = await server.create('many-events', { perSecond: 7, seconds: 1 })
    const page = await openJob(id)
    await status(page, 'running')
    await server.ask(`/jobs/${id}/cancel`, { json: {} })
    await button(page, 'Run again').click()
    await page.getByRole('heading', { level: 1, name: 'New job: many-events' }).waitFor(WAIT)
    expect(await page.getByLabel('perSecond').inputValue()).toBe('7')
    expect(mistakes).toEqual([])
  })

  test('searches, filters and holds a log, and colours it without any HTML', async () => {
    const { server, browser } = ready()
    const { openJob, mistakes, context } = await signIn(browser, server.url, onTestFinished)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const lines = Array.from({ length: 3000 }, (_, n) => log(n % 100 === 0 ? `needle ${n}` : `straw ${n}`, n % 100 === 0 ? 'warn' : 'info'))
    const colours = log('\u001b[31mred\u001b[0m <img src=x onerror=alert(1)> two\nlines')
    const colours256 = log('\u001b[38;5;232mnearly black \u001b[38;2;255;255;255mwhite \u001b[48;5;17mon blue', 'warn')
    const id = await server.create('told', {
      events: [...lines, colours, ['wait', null], ...Array.from({ length: 50 }, (_, n) => log(`late ${n}`)), colours256],
    })
    const page = await openJob(id)
    await line(page, 'lines')
    expect(await page.getByRole('log').locator('img').count()).toBe(0)
    expect(await page.getByText('red', { exact: true }).evaluate((element) => getComputedStyle(element).color)).not.toBe(
      await page.getByText('<img src=x').evaluate((element) => getComputedStyle(element).color),
    )
    await page.keyboard.press('/')
    await page.keyboard.type('NEEDLE')
    await page.getByText('30 lines', { exact: true }).waitFor(WAIT)
    await page.keyboard.press('Enter')
    await page.getByText(/^\d+ of 30$/).waitFor(WAIT)
    await page.getByRole('log').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('n')
    await page.locator('[data-current=true] mark').waitFor(WAIT)
    // Scrolled away from the end, it stays where it is, and says what came.
    server.letOn()
    await button(page, '52 new lines').click()
    await line(page, 'late 49')
    const top = () => page.getByRole('log').getByRole('row').first().getAttribute('data-seq')
    await page.getByRole('log').focus()
    for (const key of ['Home', 'PageDown', 'PageDown', 'PageDown', 'PageDown', 'PageDown']) await page.keyboard.press(key)
    const before = Number(await top())
    await page.locator('label', { hasText: /^info/ }).click()
    await expect.poll(async () => Number(await top()) - before).toBeGreaterThanOrEqual(0)
    await page.locator('label', { hasText: /^info/ }).click()
    // Whoever chooses other levels and goes back reads on where he was.
    await expect.poll(async () => Number(await top())).toBe(before)
    await page.locator('label', { hasText: /^info/ }).click()
    await expect.poll(() => page.getByRole('table').getAttribute('aria-rowcount')).toBe('34')
    await button(page, 'Copy or download the log').click()
    await page.getByRole('menuitem', { name: 'Copy the lines shown' }).click()
    await page.getByText('34 lines copied.').waitFor(WAIT)
    await page.getByRole('menu').waitFor({ ...WAIT, state: 'detached' })
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/warn {4}needle 0\n/)
    await page.getByRole('log').press('End')
    await page.getByText('nearly black').waitFor(WAIT)
    await expectGoodForAll(page)
    await showTab(page, 'Events')
    const rows = page.getByRole('region', { name: /^Events, / })
    const first = rows.getByRole('button').first()
    const name = await first.getAttribute('aria-label')
    await first.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: name ?? '' }).waitFor(WAIT)
    // It is chosen where it is.
    expect(await first.getAttribute('aria-label')).toBe(name)
    expect(name).not.toBe('Event 1')
    await page.keyboard.press('Home')
    await button(page, 'Event 1').waitFor(WAIT)
    // The focus does not go with the row that had it.
    expect(await rows.evaluate((list) => list === document.activeElement)).toBe(true)
    expect(mistakes).toEqual([])
  })
})

/** Settings of the whole server with a task that waits for a file. */
async function settings(): Promise<{ readonly env: Record<string, string>; readonly open: () => Promise<void> }> {
  const folder = await folderOfTest()
  const gate = join(folder, 'gate')
  const program = JSON.stringify(join(ROOT, 'test/e2e/support/gated.mjs'))
  const tasks = `types:\n  gated:\n    onCrash: rerun\n    steps: [{ name: gate, run: [node, ${program}, ${JSON.stringify(gate)}, '400'] }]\n`
  await writeFile(join(folder, 'tasks.yaml'), tasks)
  return {
    env: {
      PORT: String(await freePort()),
      HEADWAY_ADMIN_KEY: KEY,
      HEADWAY_DATA: join(folder, 'data'),
      HEADWAY_LOG_DIR: join(folder, 'logs'),
      HEADWAY_TASKS: join(folder, 'tasks.yaml'),
      HEADWAY_FILTERS_ALLOW_ADDRESSES: 'loopback',
      HEADWAY_BOOKS_PROVIDERS: 'none',
    },
    async open() {
      onTestFinished(() => rm(gate, { force: true }))
      await writeFile(gate, '')
    },
  }
}

describe('the page of a job of the whole server', () => {
  test('says that the server is gone after kill -9, and shows the rest when it is back: nothing is missing or there twice', async () => {
    const { env, open } = await settings()
    const { url, program } = await startLauncher(env)
    const headers = { 'X-API-Key': KEY, 'Content-Type': 'application/json' }
    const created = await fetch(`${url}/jobs/gated`, { method: 'POST', headers, body: '{}' })
    const { job } = (await created.json()) as { job: { id: string } }
    const { openJob, mistakes } = await signIn(ready().browser, url, onTestFinished)
    const pages = await Promise.all([openJob(job.id), openJob(job.id), openJob(job.id)])
    for (const page of pages) await line(page, 'before the gate')
    program.signal('SIGKILL')
    for (const page of pages) await followed(page, 'reconnecting')
    await startLauncher(env)
    for (const page of pages) await page.getByText(/^The worker was lost/).waitFor(WAIT)
    await open()
    for (const page of pages) {
      await status(page, 'completed')
      await followed(page, 'closed')
    }
    const whole = await fetch(`${url}/jobs/${job.id}/events`, { headers: { ...headers, Accept: 'application/x-ndjson' } })
    const events = (await whole.text())
      .split('\n')
      .filter(Boolean)
      .map((text) => JSON.parse(text) as { seq: number; type: string })
    const expected = events.filter(({ type }) => SHOWN_IN_LOG.has(type)).map(({ seq }) => seq)
    expect(expected.length).toBeGreaterThan(400)
    for (const page of pages) expect(await seqsOfLog(page)).toEqual(expected)
    await showTab(pages[0], 'Events')
    expect(await pages[0].getByRole('table').getAttribute('aria-rowcount')).toBe(String(events.length))
    expect(mistakes).toEqual([])
  })

  test('shows the shelf and the books of a scan, and the charts and the list of a compilation', async () => {
    const { env } = await settings()
    const { url } = await startLauncher(env)
    const { openJob, mistakes } = await signIn(ready().browser, url, onTestFinished)
    const headers = { 'X-API-Key': KEY }
    const form = new FormData()
    const photo = await readFile(join(ROOT, 'services/books/test/scan/fixtures/few.jpg'))
    form.append('photos[]', new Blob([photo], { type: 'image/jpeg' }), 'shelf.jpg')
    const scanned = (await (await fetch(`${url}/v3/jobs/scans`, { method: 'POST', headers, body: form })).json()) as {
      data: { jobId: string }
    }
    const lists = await startGatedLists()
    lists.open('one', '! one\n||a.example^\n||b.example^\n')
    lists.open('two', '||b.example^\n||c.example^\n')
    const configuration = {
      name: 'Mine',
      sources: [{ source: lists.url('one') }, { source: lists.url('two') }],
      transformations: ['RemoveComments', 'Deduplicate'],
    }
    const compiled = await fetch(`${url}/jobs/compile-filters`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ configuration }),
    })
    const { job } = (await compiled.json()) as { job: { id: string } }

    const list = await openJob(job.id)
    await status(list, 'completed')
    await list.getByRole('heading', { level: 1, name: 'Filter list' }).waitFor(WAIT)
    await list.setViewportSize({ width: 390, height: 800 })
    await expect.poll(() => list.getByRole('tablist').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
    await list.setViewportSize({ width: 1280, height: 900 })
    await showTab(list, 'Charts')
    for (const title of ['Downloads', 'Cache', 'Time of transformations', 'Lines that transformations left out', 'Log', 'Progress'])
      await list
        .getByRole('img', { name: new RegExp(`^${title}\\.`) })
        .locator('canvas')
        .waitFor(WAIT)
    await list.getByText(/^2 requests, /).waitFor(WAIT)
    await expectGoodForAll(list)
    // What is drawn has the colours of the scheme, also when that changes.
    const drawn = () =>
      list
        .locator('.u-legend .u-marker')
        .nth(1)
        .evaluate((marker) => getComputedStyle(marker).borderColor)
    const light = await drawn()
    await list.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(drawn).not.toBe(light)
    await list.emulateMedia({ colorScheme: 'light' })
    await expect.poll(drawn).toBe(light)
    await showTab(list, 'Timeline')
    await list.getByRole('rowheader', { name: /^Transformations/ }).waitFor(WAIT)
    await expectGoodForAll(list)
    await showTab(list, 'Result')
    await list.getByText('||c.example^').waitFor(WAIT)
    await list.getByLabel('Search the list').fill('c.exam')
    await list.getByText('1 line found', { exact: true }).waitFor(WAIT)
    await expectGoodForAll(list)

    const scan = await openJob(scanned.data.jobId)
    await status(scan, 'completed')
    await scan.getByRole('img', { name: /^The shelf of photo 1/ }).waitFor(WAIT)
    const spines = scan.getByRole('figure').getByRole('button')
    await expect.poll(() => spines.count()).toBeGreaterThan(0)
    await spines.first().focus()
    await scan.getByText(/^On the spine: /).waitFor(WAIT)
    expect(await scan.getByRole('region', { name: 'Books' }).getByRole('listitem').count()).toBeGreaterThan(0)
    // Nobody else is asked for covers before that is wanted.
    const covers = scan.locator('img[src^="https://covers."]')
    expect(await covers.count()).toBe(0)
    await scan.getByRole('switch', { name: 'More covers, from openlibrary.org' }).press('Space')
    await expect.poll(() => covers.count()).toBeGreaterThan(0)
    await expectGoodForAll(scan)
    const download = scan.waitForEvent('download')
    await button(scan, 'CSV').click()
    expect(await readFile(await (await download).path(), 'utf8')).toMatch(/^\ufefftitle,authors,isbn/)
    expect(mistakes).toEqual([])
  })
})

/** The types of events that a task has a line for in its log. */
const SHOWN_IN_LOG: ReadonlySet<string> = new Set(['line', 'created', 'claimed', 'recovered', 'completed'])
