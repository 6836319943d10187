import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { startLists } from '../../../services/filters/test/support/lists.js'
import { start } from '../../../services/filters/test/support/start.js'
import { browserForTests } from '../../../test/e2e/support/browser.js'

const browser = browserForTests()
const FOLDER = fileURLToPath(new URL('..', import.meta.url))

/** A server of the page and of the bundled client, at an origin of its own. */
async function servePage(): Promise<string> {
  const bundle = { bundle: true, minify: true, format: 'esm', write: false, logLevel: 'error' } as const
  const { outputFiles } = await build({ ...bundle, entryPoints: ['@headway/client'], absWorkingDir: FOLDER })
  const page = await readFile(`${FOLDER}index.html`)
  const server = createServer(({ url = '' }, response) => {
    if (url === '/headway.js') response.setHeader('Content-Type', 'text/javascript').end(outputFiles[0]?.text)
    else if (url.startsWith('/?')) response.setHeader('Content-Type', 'text/html').end(page)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('the page starts a job on another origin, shows what it says, and cancels one', async () => {
  const origin = await servePage()
  const { url } = await start({ server: { corsOrigins: [origin] } })
  const lists = await startLists()
  lists.hold('mine')
  const page = await browser.open(`${origin}/?server=${encodeURIComponent(url)}`)
  const status = page.getByRole('status')
  await page.getByLabel('Address of a list').fill(lists.urlOf('mine'))
  await page.getByRole('button', { name: 'Compile' }).click()
  await expect.poll(() => status.textContent()).toBe('live')
  await lists.waitedFor('mine')
  lists.give('mine', '||ads.example^\n')
  await expect.poll(() => status.textContent()).toBe('completed')
  await page.getByText('Compiling "My list"').waitFor()

  lists.hold('slow')
  await page.getByLabel('Address of a list').fill(lists.urlOf('slow'))
  await page.getByRole('button', { name: 'Compile' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(() => status.textContent()).toBe('cancelled')
})
