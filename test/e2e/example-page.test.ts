import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startBreakingProxy } from './support/breaking-proxy.js'
import { browserForTests } from './support/browser.js'
import {
  folderOfTest,
  KEY,
  onceForTests,
  settingsWithTree,
  startServer,
  startServerWithGate,
  startServerWithTree,
} from './support/headway.js'
import { Program, ROOT } from './support/program.js'

const PAGE = 'examples/sse-client-example.html'
const WAIT = { timeout: 30_000 }
const browser = browserForTests()
const withTree = onceForTests(startServerWithTree)
const withGate = onceForTests(startServerWithGate)

/** What the browser says went wrong in the page. Answers that break off are no mistake of the page. */
function watchMistakes(page: Page): string[] {
  const mistakes: string[] = []
  page.on('pageerror', (error) => mistakes.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) mistakes.push(message.text())
  })
  return mistakes
}

async function openPage(url: string): Promise<{ page: Page; mistakes: string[] }> {
  const page = await browser.open('about:blank')
  const mistakes = watchMistakes(page)
  await page.goto(url)
  return { page, mistakes }
}

async function connect(page: Page, api?: string): Promise<void> {
  if (api !== undefined) await page.getByLabel('API URL').fill(api)
  await page.getByLabel('API key').fill(KEY)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByText('Connected to Headway').waitFor(WAIT)
}

async function start(page: Page, type: string): Promise<void> {
  await page.getByLabel('Task type').selectOption(type)
  await page.locator('[name=version]').fill('v885')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
}

const log = (page: Page) => page.getByRole('log')
const status = (page: Page) => page.locator('#status').textContent()
const progress = (page: Page) => page.getByRole('progressbar').getAttribute('aria-valuenow')
const lines = (page: Page) => page.locator('#log .entry span').allTextContents()

/** The classes that an element has had since now: some are there for a moment only. */
async function statesOf(page: Page, selector: string): Promise<() => Promise<string[]>> {
  // As text: what is written here is checked for Node, which has no such things.
  const states = await page.evaluateHandle<string[]>(`(() => {
    const element = document.querySelector('${selector}')
    const seen = []
    const note = () => element.className !== seen.at(-1) && seen.push(element.className)
    new MutationObserver(note).observe(element, { attributeFilter: ['class'] })
    return seen
  })()`)
  return () => states.jsonValue()
}

async function expectCheck(page: Page): Promise<void> {
  await start(page, 'check-integrity')
  await page.locator('#status', { hasText: 'completed' }).waitFor(WAIT)
  await log(page).getByText('android finished').waitFor(WAIT)
  expect(await lines(page)).toEqual(
    expect.arrayContaining([
      'Checking iOS manifest...',
      'Checking Android manifest...',
      'All files matched successfully.',
      'Total files checked: 50',
    ]),
  )
  expect(await progress(page)).toBe('100')
  expect(await page.locator('#results td:nth-child(2)').allTextContents()).toEqual(['ok', 'ok', 'ok'])
}

describe('the example page runs a check', () => {
  test('from our server, which it knows by itself', async () => {
    const url = withTree()
    const { page, mistakes } = await openPage(`${url}/${PAGE}`)
    await expect.poll(() => page.getByLabel('API URL').inputValue()).toBe(url)
    await connect(page)
    await expectCheck(page)
    expect(mistakes).toEqual([])
  })

  test('from a file', async () => {
    const { url } = await startServer({ ...(await settingsWithTree(await folderOfTest())), HEADWAY_CORS_ORIGINS: 'null' })
    const { page, mistakes } = await openPage(pathToFileURL(join(ROOT, PAGE)).href)
    await connect(page, url)
    await expectCheck(page)
    expect(mistakes).toEqual([])
  })

  test('from another port', async () => {
    const files = new Program('python3', ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1'])
    const [, origin = ''] = await files.says(/\((http:\/\/127\.0\.0\.1:\d+)\/\)/)
    const { url } = await startServer({ ...(await settingsWithTree(await folderOfTest())), HEADWAY_CORS_ORIGINS: origin })
    const { page, mistakes } = await openPage(`${origin}/${PAGE}`)
    await connect(page, url)
    await expectCheck(page)
    expect(mistakes).toEqual([])
  })
})

describe('the example page', () => {
  test('says which setting is missing where the server does not allow its origin', async () => {
    const url = withTree()
    const { page } = await openPage(pathToFileURL(join(ROOT, PAGE)).href)
    await page.getByLabel('API URL').fill(url)
    await page.getByLabel('API key').fill(KEY)
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByText('does not allow pages of null (HEADWAY_CORS_ORIGINS)').waitFor(WAIT)
  })

  test('says what is wrong with a key and with a parameter', async () => {
    const url = withTree()
    const { page } = await openPage(`${url}/${PAGE}`)
    await page.getByLabel('API key').fill('another-key')
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByText('There is no such API key.').waitFor(WAIT)
    await connect(page)
    await page.locator('[name=version]').fill('885')
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    expect(await page.locator('[name=version]').evaluate((input: { validity: { valid: boolean } }) => input.validity.valid)).toBe(false)
    // What the browser lets pass, the server refuses.
    await page.locator('#creation').evaluate((form: { noValidate: boolean }) => (form.noValidate = true))
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText('The parameters do not fit the task type').waitFor(WAIT)
  })

  test.each(['fetch', 'eventsource'])('shows lines live by %s, and each once when the connection breaks', async (reader) => {
    const { url, open } = withGate()
    const proxy = await startBreakingProxy(url)
    const { page, mistakes } = await openPage(`${proxy.url}/${PAGE}`)
    await connect(page)
    await page.getByLabel('Read the stream with').selectOption(reader)
    await start(page, 'gated')
    await log(page).getByText('before the gate').waitFor(WAIT)
    await expect.poll(() => progress(page)).toBe('40')
    expect(await status(page)).toBe('running')
    await page.locator('#message', { hasText: 'waiting' }).waitFor(WAIT)
    const links = await statesOf(page, '#link')
    proxy.breakAll()
    await expect.poll(links).toEqual(['link lost', 'link live'])
    await open()
    await page.locator('#status', { hasText: 'completed' }).waitFor(WAIT)
    await page.getByText('the stream has ended').waitFor(WAIT)
    await log(page).getByText('gate finished').waitFor(WAIT)
    const seen = await lines(page)
    expect(seen.filter((line) => line.startsWith('line') || line.endsWith('the gate')).sort()).toEqual([
      'after the gate',
      'before the gate',
      // As text: what a program prints is no HTML.
      'line 1 <b>of</b> 3',
      'line 2 <b>of</b> 3',
      'line 3 <b>of</b> 3',
    ])
    expect(await page.locator('.entry.stderr span').allTextContents()).toEqual(['after the gate'])
    expect(await page.locator('#log b').count()).toBe(0)
    expect(mistakes).toEqual([])
  })

  test('cancels, and shows a task that somebody else started', async () => {
    const { url } = withGate()
    const headers = { 'X-API-Key': KEY, 'Content-Type': 'application/json' }
    await fetch(`${url}/api/tasks/gated`, { method: 'POST', headers, body: '{"version":"v1"}' })
    const { page } = await openPage(`${url}/${PAGE}`)
    await connect(page)
    await page.locator('#recent button', { hasText: 'gated' }).first().click()
    await log(page).getByText('before the gate').waitFor(WAIT)
    await page.getByRole('button', { name: 'Stream URL' }).click()
    await expect.poll(() => page.locator('#ticket-url').inputValue()).toMatch(/\/stream\?ticket=/)
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.locator('#status', { hasText: 'cancelled' }).waitFor(WAIT)
    expect(await page.getByRole('button', { name: 'Cancel', exact: true }).isDisabled()).toBe(true)
    await page.getByText('the stream has ended').waitFor(WAIT)
  })

  test('holds the last 2,000 lines of many', async () => {
    const { url } = withGate()
    const { page } = await openPage(`${url}/${PAGE}`)
    await connect(page)
    await start(page, 'lines')
    await log(page).getByText('lines finished').waitFor(WAIT)
    expect(await page.locator('#log .entry').count()).toBe(2000)
    // The program's lines, and two each of the program and the runner around them.
    expect(await page.locator('#count').textContent()).toBe('5,004 lines, the last 2,000 shown')
    expect((await lines(page)).includes('line 5000 <b>of</b> 5000')).toBe(true)
  })
})
