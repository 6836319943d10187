import { fileURLToPath } from 'node:url'
import type * as Headway from '@headway/client'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pathOfChromium } from '../../../test/e2e/support/browser.js'
import { RUN_KEY, startServer } from './support/start-server.js'
import type { TestServer } from './support/start-server.js'

let server: TestServer
let context: BrowserContext

/** What is in each page, beside the SDK as `Headway`. */
function inPage(apiKey: string, baseUrl: string): void {
  const { Headway: sdk } = globalThis as unknown as { readonly Headway: typeof Headway }
  // Whether a tab is alive is asked sooner than in pages of people.
  const setTimer = (run: () => void, ms: number) => {
    const timer = setTimeout(run, Math.min(ms, 1000))
    return () => clearTimeout(timer)
  }
  const client = sdk.createClient({ baseUrl, apiKey }, { now: Date.now, random: Math.random, setTimer, onWake: () => () => undefined })
  const seqs: Record<string, number[]> = {}
  Object.assign(globalThis, {
    client,
    seqs,
    watch(id: string) {
      const seen: number[] = (seqs[id] ??= [])
      client.jobs.follow(id).subscribe((events) => {
        for (const event of events) seen.push(event.type === 'reset' ? -1 : event.seq)
      })
    },
  })
}

interface InPage {
  readonly client: Headway.HeadwayClient
  readonly seqs: Record<string, number[]>
  readonly watch: (id: string) => void
}

beforeAll(async () => {
  server = await startServer({ delivery: { heartbeatMs: 300, tickMs: 50 } })
  const browser = await chromium.launch({ executablePath: pathOfChromium(), args: ['--no-sandbox'] })
  context = await browser.newContext()
  const entry = fileURLToPath(import.meta.resolve('@headway/client'))
  const built = await build({ entryPoints: [entry], bundle: true, format: 'iife', globalName: 'Headway', write: false })
  const script = `${built.outputFiles[0]?.text};(${String(inPage)})(${JSON.stringify(RUN_KEY)}, ${JSON.stringify(server.url)})`
  await context.route('**/tab', (route) => route.fulfill({ contentType: 'text/html', body: '<script src="/tab.js"></script>' }))
  await context.route('**/tab.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }))
  return async () => browser.close()
})
afterAll(() => server.stop())

async function openTab(id: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${server.url}/tab`)
  await page.evaluate((id) => (globalThis as unknown as InPage).watch(id), id)
  return page
}

const seen = (page: Page, id: string): Promise<number[]> => page.evaluate((id) => (globalThis as unknown as InPage).seqs[id] ?? [], id)
const leads = (page: Page): Promise<boolean> => page.evaluate(() => (globalThis as unknown as InPage).client.connection.leader)
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

async function streams(): Promise<number> {
  const { watchers } = (await (await fetch(`${server.url}/stats`, { headers: { 'X-API-Key': RUN_KEY } })).json()) as {
    watchers: { sse: number }
  }
  return watchers.sse
}

let allowed = 0

/** Lets so many more events be, and waits until each of these tabs has all of them, in order, once. */
async function allHave(tabs: readonly Page[], id: string, more: number): Promise<void> {
  server.gate.allow(more)
  allowed += more
  // Before them: `created` and `claimed`.
  for (const tab of tabs) await expect.poll(() => seen(tab, id)).toEqual(numbers(1, allowed + 2))
}

async function theLeader(tabs: readonly Page[]): Promise<Page> {
  const leaders = async (): Promise<Page[]> => {
    const leading = await Promise.all(tabs.map(leads))
    return tabs.filter((_, index) => leading[index])
  }
  await expect.poll(leaders).toHaveLength(1)
  return (await leaders()).at(0) as Page
}

test('three tabs share one connection, which another takes over when the one that has it is closed, or hangs', async () => {
  const { job } = await server.engine.create('gated', { to: 1000 })
  const { id } = job
  let tabs = [await openTab(id), await openTab(id)]
  await allHave(tabs, id, 20)
  // This one comes late.
  tabs.push(await openTab(id))
  await allHave(tabs, id, 20)
  expect(await streams()).toBe(1)

  const closed = await theLeader(tabs)
  tabs = tabs.filter((tab) => tab !== closed)
  await closed.close()
  await allHave(tabs, id, 20)
  await expect.poll(streams).toBe(1)

  tabs.push(await openTab(id))
  await allHave(tabs, id, 20)
  const hanging = await theLeader(tabs)
  // For longer than the others wait.
  const hangs = hanging.evaluate(() => {
    const until = Date.now() + 6000
    while (Date.now() < until);
  })
  const others = tabs.filter((tab) => tab !== hanging)
  await allHave(others, id, 20)
  expect(await theLeader(others)).not.toBe(hanging)
  await hangs
  await allHave(tabs, id, 20)
  await theLeader(tabs)
  await expect.poll(streams).toBe(1)
})
