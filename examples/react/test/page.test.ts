import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { startLists } from '../../../services/filters/test/support/lists.js'
import { start } from '../../../services/filters/test/support/start.js'
import { browserForTests } from '../../../test/e2e/support/browser.js'

const browser = browserForTests()

test('the built page starts a job, shows what it says and how it ends, and cancels one', async () => {
  const outDir = await mkdtemp(join(tmpdir(), 'headway-example-'))
  onTestFinished(() => rm(outDir, { recursive: true, force: true }))
  await build({ root: fileURLToPath(new URL('..', import.meta.url)), logLevel: 'error', build: { outDir, emptyOutDir: true } })
  const { url } = await start({ server: { pages: { folder: outDir } } })
  const lists = await startLists()
  lists.hold('mine')

  const page = await browser.open(url)
  await page.getByLabel('Address of a list').fill(lists.urlOf('mine'))
  await page.getByRole('button', { name: 'Compile' }).click()
  await page.getByRole('heading', { name: 'running' }).waitFor()
  await lists.waitedFor('mine')
  lists.give('mine', '||ads.example^\n')
  await page.getByRole('heading', { name: 'completed' }).waitFor()
  await page.getByText('Compiling "My list"').waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'completed' }).waitFor()
  await page.getByText('Compiling "My list"').waitFor()

  lists.hold('slow')
  await page.getByLabel('Address of a list').fill(lists.urlOf('slow'))
  await page.getByRole('button', { name: 'Compile' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('heading', { name: 'cancelled' }).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
})
