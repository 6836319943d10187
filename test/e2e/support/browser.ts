import { execFileSync } from 'node:child_process'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { afterAll, onTestFinished } from 'vitest'

/** Debian's Chromium, once for the tests of a file. */
export function browserForTests(): { open(url: string): Promise<Page> } {
  // As root, which tests in containers are, Chromium runs only without its sandbox. The pages are our own; those that a test makes up come from
  // no address, for which Chromium would keep them from this machine's.
  const args = ['--no-sandbox', '--disable-features=LocalNetworkAccessChecks']
  const browser = chromium.launch({ executablePath: pathOfChromium(), args })
  afterAll(async () => (await browser).close())
  return {
    async open(url) {
      const page = await (await browser).newPage()
      onTestFinished(() => page.close())
      await page.goto(url)
      return page
    },
  }
}

/** Where it is. */
export function pathOfChromium(): string {
  return execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
}
