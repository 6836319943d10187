import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { KEY, onceForTests } from '../../../test/e2e/support/headway.js'
import { launchBrowser, WAIT } from './job/support/open-page.js'
import { DEMO, expectGoodForAll, goTo, signIn, startHeadway, visit } from './support/visit.js'

const ready = onceForTests(async (atEnd) => {
  const [server, browser] = await Promise.all([startHeadway(atEnd), launchBrowser(atEnd)])
  return { ...server, browser }
})

const start = (page: Page) => page.getByRole('button', { name: 'Start the job' }).click()
const row = (page: Page, id: string) => page.locator(`tr[data-job="${id}"]`)

/** The page of the job that was just created. @returns its id */
async function created(page: Page): Promise<string> {
  await page.waitForURL(/#\/jobs\/[0-9a-f-]{36}$/, WAIT)
  return page.url().slice(-36)
}

/** Makes a job beside the page. @returns its id */
async function createBeside(type: string, input: object): Promise<string> {
  const headers = { 'X-API-Key': KEY, 'Content-Type': 'application/json' }
  const response = await fetch(`${ready().url}/jobs/${type}`, { method: 'POST', headers, body: JSON.stringify(input) })
  return ((await response.json()) as { job: { id: string } }).job.id
}

describe('the dashboard', () => {
  test('signs in and out; what was looked at is there again', async () => {
    const { page, mistakes } = await visit(ready().browser, ready().url, '/jobs?status=failed')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor(WAIT)
    await expectGoodForAll(page)
    await page.getByLabel('API key').fill('no-such-key')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('does not know this key').waitFor(WAIT)
    await page.getByLabel('Keep me signed in for this tab').check()
    await signIn(page)
    await page.getByRole('button', { name: 'failed', pressed: true }).waitFor(WAIT)
    await page.reload()
    await page.getByRole('button', { name: 'failed', pressed: true }).waitFor(WAIT)
    expect(page.url()).not.toContain(KEY)
    // The key is taken back while one looks.
    await page.route('**/stats', (route) => route.fulfill({ status: 401, json: { code: 'UNAUTHORIZED', title: 'No valid key or token' } }))
    await goTo(page, '/', 'Sign in')
    await page.getByText('not accepted any more').waitFor(WAIT)
    await page.unroute('**/stats')
    await signIn(page)
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor(WAIT)
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor(WAIT)
    await signIn(page)
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor(WAIT)
    expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]))).not.toContain(KEY)
    expect(mistakes).toEqual([])
  })

  test('goes on when a page broke, and tries it again', async () => {
    const { page } = await visit(ready().browser, ready().url, '/jobs')
    await signIn(page)
    await page.route('**/assets/new-job-page-*', (route) => route.abort())
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'New job' }).click()
    await page.getByText('This page broke').waitFor(WAIT)
    await goTo(page, '/jobs', 'Jobs')
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'New job' }).click()
    await page.getByText('This page broke').waitFor(WAIT)
    await page.unroute('**/assets/new-job-page-*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { level: 1, name: 'New job' }).waitFor(WAIT)
    // It has its style, too: its cards have borders.
    const card = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'full-sync' }) })
    await expect.poll(() => card.evaluate((element) => getComputedStyle(element).borderTopStyle)).toBe('solid')
    await goTo(page, '/new/%', 'New job')
    await page.getByText('No such job type').waitFor(WAIT)
  })

  test('makes each kind of job by its form', async () => {
    const { page, mistakes } = await visit(ready().browser, ready().url, '/new')
    await signIn(page)
    await page.getByRole('link', { name: 'full-sync' }).waitFor(WAIT)
    await expectGoodForAll(page)

    await page.getByRole('link', { name: 'check-integrity' }).click()
    await start(page)
    await page.getByText('is needed').waitFor(WAIT)
    await page.getByLabel('version').fill('885')
    await start(page)
    await page.getByText('must fit the pattern').waitFor(WAIT)
    await expectGoodForAll(page)
    await page.getByLabel('version').fill('v885')
    await start(page)
    const ids = [await created(page)]

    // The schema allows a book that says nothing; the server does not, and says where.
    await goTo(page, '/new/books-enrichment', 'Look up books')
    await start(page)
    await page.getByText('needs an `isbn` or a `title`').waitFor(WAIT)
    await page.getByLabel('isbn').fill('9780618346257')
    await expectGoodForAll(page)
    await start(page)
    ids.push(await created(page))

    await goTo(page, '/new/compile-filters', 'Filter list')
    await page.getByRole('textbox', { name: 'Configuration' }).fill('name: Mine\nsources:\n  - sourc: a\n')
    await start(page)
    await page.getByText('Line 3').first().waitFor(WAIT)
    await expectGoodForAll(page)
    const file = { name: 'list.json', mimeType: 'application/json', buffer: Buffer.from('{"name":"Dropped","sources":[{"source":"a"}]}') }
    await page.getByLabel('Choose a configuration file').setInputFiles(file)
    await expect.poll(() => page.getByRole('textbox', { name: 'Configuration' }).inputValue()).toContain('Dropped')
    await page.getByRole('button', { name: 'Rules and hosts' }).click()
    await start(page)
    ids.push(await created(page))

    await goTo(page, '/new/books-import', 'Library import')
    await start(page)
    await page.getByText('Choose a file first').waitFor(WAIT)
    await page.getByLabel('Choose a file').setInputFiles(join(DEMO, 'library.csv'))
    await page.getByRole('list', { name: 'Chosen files' }).getByText('library.csv').waitFor(WAIT)
    await start(page)
    ids.push(await created(page))

    await goTo(page, '/new/books-scan', 'Shelf scan')
    await page.getByLabel('Choose photos').setInputFiles(join(DEMO, 'shelf.jpg'))
    await page.getByRole('img', { name: 'Preview of shelf.jpg' }).waitFor(WAIT)
    await expectGoodForAll(page)
    await start(page)
    ids.push(await created(page))

    await goTo(page, '/jobs', 'Jobs')
    for (const id of ids) await row(page, id).getByText('completed').waitFor(WAIT)
    await expectGoodForAll(page)
    expect(mistakes).toEqual([])
  })

  test('shows what goes on: figures, a list that holds still, and whether the server is heard', async () => {
    const { program, url, browser } = ready()
    const { page, mistakes } = await visit(browser, url, '/jobs?text=full-sync')
    const refused: string[] = []
    page.on('response', (response) => response.status() === 400 && refused.push(new URL(response.url()).pathname))
    await signIn(page)
    await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor(WAIT)
    const first = await createBeside('full-sync', { version: 'v885', rate: 5 })
    await row(page, first).getByText('running').waitFor(WAIT)
    const place = await row(page, first).boundingBox()
    const second = await createBeside('full-sync', { version: 'v885', rate: 5 })
    const show = page.getByRole('button', { name: 'Show 1 new job' })
    await show.waitFor(WAIT)
    expect(await row(page, second).count()).toBe(0)
    expect(await row(page, first).boundingBox()).toEqual(place)
    await show.click()
    // One runs at a time, by the type's own limit.
    await row(page, second).getByText('queued').waitFor(WAIT)
    await page.getByRole('button', { name: 'running', exact: true }).click()
    await expect.poll(() => page.locator('tr[data-job]').count()).toBe(1)
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await expect.poll(() => page.locator('tr[data-job]').count()).toBeGreaterThan(1)
    await page.getByRole('searchbox', { name: 'Text' }).pressSequentially('no such thing')
    await page.getByText('No job that is kept fits').waitFor(WAIT)
    expect(await page.getByRole('searchbox', { name: 'Text' }).inputValue()).toBe('no such thing')
    await page.getByRole('button', { name: 'Show all jobs' }).click()
    await row(page, first).waitFor(WAIT)
    await page.getByRole('combobox', { name: 'Created' }).click()
    await page.getByRole('option', { name: 'From … to …' }).click()
    await page.getByLabel('Created before').fill('2020-01-01T00:00')
    await page.getByText('No job that is kept fits').waitFor(WAIT)
    expect(page.url()).toContain('to=2020-01-01T00%3A00')
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await row(page, first).waitFor(WAIT)

    // More than a page of them: the next page is of the same hour.
    await Promise.all(Array.from({ length: 50 }, () => createBeside('full-sync', { version: 'v885', rate: 5 })))
    // Whoever comes back to a list that had not heard of them finds them waiting.
    await page.getByRole('button', { name: 'Show more than 50 new jobs' }).waitFor(WAIT)
    await page.getByRole('combobox', { name: 'Created' }).click()
    await page.getByRole('option', { name: 'Last hour' }).click()
    await expect.poll(() => page.locator('tr[data-job]').count()).toBe(50)
    await page.getByRole('button', { name: 'Older' }).click()
    await row(page, first).waitFor(WAIT)
    expect(await page.getByRole('alert').count()).toBe(0)
    await goTo(page, '/jobs?cursor=of-another-list', 'Jobs')
    await expect.poll(() => page.locator('tr[data-job]').count()).toBe(50)
    expect(page.url()).toMatch(/#\/jobs$/)
    await goTo(page, '/jobs?type=no-such&status=gone&since=toString', 'Jobs')
    await page.locator('search').getByText('no-such (unknown)').waitFor(WAIT)
    await page.getByText('No job that is kept fits').waitFor(WAIT)
    expect(page.url()).toMatch(/#\/jobs\?type=no-such$/)

    // What is no id of a job is not followed: that would end the connection that tells of all others.
    await goTo(page, '/jobs/nope', 'Job')
    await page.getByRole('alert').getByText('No job can have the id nope').waitFor(WAIT)
    await goTo(page, `/jobs/${first}`, 'full-sync')
    await page.locator('[data-follow=live]').waitFor(WAIT)
    expect(refused).toEqual(['/jobs'])

    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor(WAIT)
    await page.getByRole('progressbar', { name: 'Progress of full-sync' }).waitFor(WAIT)
    await page.getByRole('img', { name: /Jobs in each minute/ }).waitFor(WAIT)
    await expectGoodForAll(page)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor(WAIT)
    await expectGoodForAll(page)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached', ...WAIT })
    await page.keyboard.press('/')
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor(WAIT)

    program.signal('SIGKILL')
    await page.getByRole('status', { name: 'Connection' }).getByText('Reconnecting').waitFor(WAIT)
    expect(mistakes).toEqual([])
  })
})
