import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { folderOfTest, KEY, settingsWithTree, startServer } from '../../../../test/e2e/support/headway.js'
import type { AtEnd, Program } from '../../../../test/e2e/support/program.js'
import { ROOT } from '../../../../test/e2e/support/program.js'
import { expectAccessible, WAIT } from '../job/support/open-page.js'

export const DEMO = join(ROOT, 'apps/cli/data/demo')

/** The real server with every service, with a small tree of resources for the tasks; no address of the network is asked. */
export async function startHeadway(atEnd: AtEnd): Promise<{ readonly url: string; readonly program: Program }> {
  const env = await settingsWithTree(await folderOfTest(atEnd))
  return startServer({ ...env, HEADWAY_BOOKS_PROVIDERS: 'none', HEADWAY_RATE_LIMIT: '0', HEADWAY_FILTERS_RATE_LIMIT: '0' }, atEnd)
}

export interface Visit {
  readonly page: Page
  /** What the browser says went wrong, violations of the policy included. */
  readonly mistakes: readonly string[]
}

/** Opens the dashboard as one who is not signed in. @param hash such as `/jobs` */
export async function visit(browser: Browser, url: string, hash: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const mistakes: string[] = []
  page.on('pageerror', (error) => mistakes.push(error.message))
  page.on('console', (message) => {
    // Answers that are no success are told there, too; the pages show them.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) mistakes.push(message.text())
  })
  await page.goto(`${url}/#${hash}`)
  return { page, mistakes }
}

/** Types the key, and is where one wanted to be. */
export async function signIn(page: Page): Promise<void> {
  await page.getByLabel('API key').fill(KEY)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor(WAIT)
}

/** Goes to a page and waits for its title. */
export async function goTo(page: Page, hash: string, title: string): Promise<void> {
  await page.evaluate((to) => (location.hash = to), hash)
  await page.getByRole('heading', { level: 1, name: title }).waitFor(WAIT)
}

/** In both schemes nothing serious is found by axe; at the width of a phone nothing is scrolled sideways. */
export async function expectGoodForAll(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor(WAIT)
    // Colours on their way from one scheme to the other are no finding.
    await page.evaluate(async () => {
      const ending = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity)
      await Promise.allSettled(ending.map(({ finished }) => finished))
    })
    await expectAccessible(page)
  }
  await page.setViewportSize({ width: 390, height: 800 })
  // Charts take their new width a moment later.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.setViewportSize({ width: 1280, height: 900 })
}
