import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { freePort } from '../../apps/cli/src/demo/free-port.js'
import { browserForTests } from './support/browser.js'
import { startGatedLists } from './support/gated-lists.js'
import type { GatedLists } from './support/gated-lists.js'
import { folderOfTest, KEY } from './support/headway.js'
import { Program, ROOT } from './support/program.js'

const WAIT = { timeout: 60_000 }
const browser = browserForTests()

interface Message {
  readonly type: string
  readonly sessionId?: string
  readonly seq?: number | string
}

interface OpenPage {
  readonly page: Page
  /** What the browser says went wrong in the page. */
  readonly mistakes: string[]
  /** Every message that came from the server, on all connections. */
  readonly received: Message[]
}

async function serve(env: Readonly<Record<string, string>>): Promise<Program> {
  const program = new Program(process.execPath, [join(ROOT, 'apps/cli/bin/headway.mjs'), 'serve'], { env })
  await program.says(/listens at (http:\S+)/)
  return program
}

async function settings(more: Readonly<Record<string, string>> = {}): Promise<Record<string, string> & { url: string }> {
  const port = await freePort()
  return {
    PORT: String(port),
    HEADWAY_ADMIN_KEY: KEY,
    HEADWAY_DATA: join(await folderOfTest(), 'data'),
    HEADWAY_FILTERS_ALLOW_ADDRESSES: 'loopback',
    HEADWAY_FILTERS_RATE_LIMIT: '0',
    ...more,
    url: `http://127.0.0.1:${port}/websocket-test.html`,
  }
}

async function openPage(url: string): Promise<OpenPage> {
  const page = await browser.open('about:blank')
  const mistakes: string[] = []
  const received: Message[] = []
  page.on('pageerror', (error) => mistakes.push(error.message))
  page.on('console', (message) => {
    // That the server is gone for a while is no mistake of the page.
    if (message.type() === 'error' && !message.text().includes('ERR_CONNECTION_REFUSED')) mistakes.push(message.text())
  })
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => received.push(JSON.parse(String(payload)) as Message))
  })
  await page.goto(url)
  return { page, mistakes, received }
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const session = (page: Page, name: string) =>
  page.locator('.session', { has: page.locator('strong', { hasText: new RegExp(`^${name}$`) }) })
const state = (page: Page, name: string, text: string) => session(page, name).locator('.pill', { hasText: new RegExp(`^${text}$`) })
const figure = async (page: Page, name: string) => Number((await page.locator(`[data-figure=${name}]`).textContent())?.replaceAll(',', ''))
const logged = (page: Page, type: string, text = '') =>
  page.locator('.entry', { hasText: text }).filter({ has: page.locator('.type', { hasText: new RegExp(`^${type}$`) }) })

async function connect(page: Page): Promise<void> {
  await button(page, 'Connect').click()
  await page.locator('#link[data-state=open]').waitFor(WAIT)
}

/** Compiles two gated lists, as JSON. */
async function compileGated(page: Page, lists: GatedLists): Promise<void> {
  await page.getByRole('radio', { name: 'JSON' }).check()
  const configuration = {
    name: 'Gated',
    sources: [{ source: lists.url('first') }, { source: lists.url('second') }],
    transformations: ['RemoveComments', 'Deduplicate'],
  }
  await page.getByLabel('Body').fill(JSON.stringify({ configuration }))
  await button(page, 'Compile').click()
}

/** A server and a page that compiles two gated lists: it has seen the first one come, and waits for the second. */
async function halfCompiled() {
  const lists = await startGatedLists()
  const env = await settings()
  const server = await serve(env)
  const opened = await openPage(env.url)
  const { page } = opened
  await connect(page)
  await compileGated(page, lists)
  await Promise.all([lists.asked('first'), lists.asked('second')])
  lists.open('first', '||a.example^\n')
  await logged(page, 'source:complete', 'first').waitFor(WAIT)
  return { lists, env, server, ...opened }
}

describe('the WebSocket test page', () => {
  test('compiles without a network; figures rise, the list is there, and nothing of it is HTML', async () => {
    const env = await settings()
    await serve(env)
    const { page, mistakes } = await openPage(env.url)
    await connect(page)
    await page.getByLabel('List name').fill('<img src=x onerror=alert(1)>')
    await button(page, 'Compile').click()
    await state(page, 'session-1', 'completed').waitFor(WAIT)
    const [events, rules] = [await figure(page, 'events'), await figure(page, 'rules')]
    expect(events).toBeGreaterThan(5)
    expect(rules).toBeGreaterThan(3)
    await session(page, 'session-1').getByText('The compiled list').click()
    expect(await session(page, 'session-1').locator('pre').textContent()).toContain('||ads.example.com^')
    const download = page.waitForEvent('download')
    await session(page, 'session-1').getByText('Download list').click()
    expect((await download).suggestedFilename()).toBe('session-1.txt')
    await session(page, 'session-1').getByText('Compile again').click()
    await expect.poll(() => figure(page, 'rules')).toBe(2 * rules)
    expect(await figure(page, 'events')).toBeGreaterThan(events)
    expect(await page.locator('img').count()).toBe(0)
    expect(mistakes).toEqual([])
  })

  test('shows events when they happen, pauses, goes on and cancels', async () => {
    const { lists, page, mistakes } = await halfCompiled()
    expect(lists.waits('second')).toBe(true)
    expect(await figure(page, 'rules')).toBe(0)
    await session(page, 'session-1').getByText('Pause').click()
    await state(page, 'session-1', 'paused').waitFor(WAIT)
    await session(page, 'session-1').getByText('Resume').click()
    await state(page, 'session-1', 'running').waitFor(WAIT)
    await session(page, 'session-1').getByText('Cancel').click()
    await state(page, 'session-1', 'cancelled').waitFor(WAIT)
    // The download was broken off.
    await expect.poll(() => lists.waits('second')).toBe(false)
    expect(mistakes).toEqual([])
  })

  test('attaches by itself after the server was killed and started again', async () => {
    const { lists, env, server, page, mistakes, received } = await halfCompiled()
    server.signal('SIGKILL')
    await page.locator('#link[data-state=waiting]').waitFor(WAIT)
    await state(page, 'session-1', 'not followed').waitFor(WAIT)
    await serve(env)
    await page.locator('#link[data-state=open]').waitFor(WAIT)
    await logged(page, 'compile:attached').waitFor(WAIT)
    lists.open('second', '||b.example^\n||a.example^\n')
    await state(page, 'session-1', 'completed').waitFor(WAIT)
    // A message that is not the last one of its event has a seq such as "18.1".
    const places = received.flatMap(({ type, seq }) =>
      seq === undefined || type === 'compile:attached' ? [] : [typeof seq === 'number' ? seq + 0.5 : Number(seq)],
    )
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
    expect(received.filter(({ type }) => type === 'compile:complete')).toHaveLength(1)
    expect(mistakes).toEqual([])
  })

  test('attaches by a button after a reload', async () => {
    const lists = await startGatedLists()
    const env = await settings()
    await serve(env)
    const { page, mistakes } = await openPage(env.url)
    await connect(page)
    await compileGated(page, lists)
    await lists.asked('second')
    await state(page, 'session-1', 'running').waitFor(WAIT)
    await page.reload()
    await state(page, 'session-1', 'not followed').waitFor(WAIT)
    await page.getByLabel('Attach again by itself').uncheck()
    await connect(page)
    await session(page, 'session-1').getByText('Attach').click()
    await state(page, 'session-1', 'running').waitFor(WAIT)
    lists.open('first', '||a.example^\n')
    lists.open('second', '||b.example^\n')
    await state(page, 'session-1', 'completed').waitFor(WAIT)
    expect(mistakes).toEqual([])
  })

  test('shows what is refused: a fourth compilation, a mistake in a configuration, and more than the limit', async () => {
    const lists = await startGatedLists()
    const env = await settings({ HEADWAY_FILTERS_RATE_LIMIT: '6' })
    await serve(env)
    const { page, mistakes } = await openPage(env.url)
    await connect(page)
    for (let n = 1; n <= 4; n += 1) await compileGated(page, lists)
    await state(page, 'session-4', 'failed').waitFor(WAIT)
    await session(page, 'session-4').getByText('At most 3 compilations').waitFor(WAIT)
    await logged(page, 'error', 'TOO_MANY_COMPILATIONS').waitFor(WAIT)
    await session(page, 'session-1').getByText('Cancel').click()
    await state(page, 'session-1', 'cancelled').waitFor(WAIT)
    await page.getByLabel('Quick configuration').selectOption('mistake')
    await button(page, 'Compile').click()
    await session(page, 'session-5').getByText('Dedupe').waitFor(WAIT)
    await button(page, 'Compile').click()
    await page.locator('#notice', { hasText: 'Try again in' }).waitFor(WAIT)
    expect(mistakes).toEqual([])
  })

  test('holds the last 1,000 entries of many', async () => {
    const env = await settings()
    await serve(env)
    const { page, mistakes } = await openPage(env.url)
    await connect(page)
    const names = Array.from({ length: 600 }, (_, index) => `list-${index}`)
    const body = {
      configuration: { name: 'Many', sources: names.map((source) => ({ source })) },
      preFetchedContent: Object.fromEntries(names.map((name) => [name, `||${name}.example^`])),
    }
    await page.getByRole('radio', { name: 'JSON' }).check()
    await page.getByLabel('Body').fill(JSON.stringify(body))
    await button(page, 'Compile').click()
    await state(page, 'session-1', 'completed').waitFor(WAIT)
    await page.locator('#log-count', { hasText: 'the last 1,000 kept' }).waitFor(WAIT)
    expect(await page.locator('.entry').count()).toBe(1000)
    expect(mistakes).toEqual([])
  })

  test('is asked for an API key where the server wants one', async () => {
    const env = await settings({ HEADWAY_ACCESS_FILTERS: 'key' })
    await serve(env)
    const { page } = await openPage(env.url)
    await button(page, 'Connect').click()
    await page.locator('#notice', { hasText: 'API key' }).waitFor(WAIT)
    await page.getByLabel('API key').fill(KEY)
    await connect(page)
    await button(page, 'Compile').click()
    await state(page, 'session-1', 'completed').waitFor(WAIT)
  })

  test('fits a phone, and is used with the keyboard alone', async () => {
    const env = await settings()
    await serve(env)
    const { page, mistakes } = await openPage(env.url)
    await page.setViewportSize({ width: 360, height: 740 })
    await page.getByLabel('API key').focus()
    await page.keyboard.press('Enter')
    await page.locator('#link[data-state=open]').waitFor(WAIT)
    await page.getByLabel('Session name').focus()
    await page.keyboard.press('Enter')
    await state(page, 'session-1', 'completed').waitFor(WAIT)
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect(width).toBeLessThanOrEqual(360)
    expect(mistakes).toEqual([])
  })
})
