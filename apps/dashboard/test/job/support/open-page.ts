import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { AtEnd } from '../../../../../test/e2e/support/program.js'
import { KEY } from './start-server.js'

export const WAIT = { timeout: 60_000 }

/** Debian's Chromium. */
export async function launchBrowser(atEnd: AtEnd): Promise<Browser> {
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
  // As root, which tests in containers are, Chromium runs only without its sandbox. Memory is told exactly, and can be collected when a test asks.
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
  })
  atEnd(() => browser.close())
  return browser
}

export interface SignedIn {
  readonly context: BrowserContext
  /** What the browser says went wrong in any page, violations of the policy included. */
  readonly mistakes: string[]
  /** Opens a page of a job. */
  readonly openJob: (id: string) => Promise<Page>
}

interface SignInOptions {
  readonly key?: string
  readonly colorScheme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
}

/** A browser of somebody who is signed in: tabs that share what tabs share. */
export async function signIn(
  browser: Browser,
  url: string,
  atEnd: AtEnd,
  { key = KEY, ...options }: SignInOptions = {},
): Promise<SignedIn> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options })
  atEnd(() => context.close())
  // The page that a tab is before it goes anywhere has no storage.
  await context.addInitScript((value) => {
    if (location.protocol === 'http:') sessionStorage.setItem('headway.api-key', value)
  }, key)
  // Covers of books come from elsewhere.
  await context.route(/^https:\/\//, (route) => route.fulfill({ contentType: 'image/svg+xml', body: COVER }))
  const mistakes: string[] = []
  context.on('page', (page) => {
    page.on('pageerror', (error) => mistakes.push(error.message))
    page.on('console', (message) => {
      // That the server is gone for a while is no mistake of the page.
      if (
        message.type() === 'error' &&
        !/ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)/.test(message.text())
      )
        mistakes.push(message.text())
    })
  })
  return {
    context,
    mistakes,
    async openJob(id) {
      const page = await context.newPage()
      await page.goto(`${url}/#/jobs/${id}`)
      return page
    },
  }
}

const COVER =
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="180"><rect width="120" height="180" fill="#355c7d"/><rect x="14" y="24" width="92" height="40" fill="#f8d9a0"/></svg>'

/** Waits until a tab is shown. */
export async function showTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name, exact: true }).click()
  await page.getByRole('tabpanel', { name, exact: true }).waitFor(WAIT)
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Expects that axe finds nothing serious. */
export async function expectAccessible(page: Page): Promise<void> {
  // The policy of the page allows no script but its own: this one comes from the debugger.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await readText(AXE))
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)
  })
  expect(found).toEqual([])
}

async function readText(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  return readFile(path, 'utf8')
}
