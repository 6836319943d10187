// npm run dashboard:screenshots: pictures of the dashboard's pages on a real server with demo data, into docs/images/dashboard.
// With names of shots as arguments, only these.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { SHOTS } from './lib/dashboard-shots.mjs'
import { DEMO_KEY, startDemo } from './lib/demo-jobs.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = join(ROOT, 'docs/images/dashboard')
const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }

process.chdir(ROOT)
mkdirSync(FOLDER, { recursive: true })
const wanted = process.argv.slice(2)
const shots = SHOTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const demo = await startDemo()
const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  for (const colorScheme of ['light', 'dark']) {
    const of = shots.filter(({ phone }) => phone !== true || colorScheme === 'dark')
    if (of.length === 0) continue
    const context = await browser.newContext({ colorScheme, viewport: DESKTOP, deviceScaleFactor: 1, timezoneId: 'UTC' })
    const page = await context.newPage()
    page.on('pageerror', (error) => console.error(error.message))
    await page.goto(`${demo.url}/`)
    await page.getByLabel('API key').waitFor()
    if (wanted.length === 0) await page.screenshot({ path: join(FOLDER, `sign-in-${colorScheme}.png`) })
    await page.getByLabel('API key').fill(DEMO_KEY)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor()
    for (const { name, hash, ready, whole = false, phone = false } of of) {
      await page.setViewportSize(phone ? PHONE : DESKTOP)
      await page.evaluate((to) => (location.hash = to), hash(demo.jobs))
      await ready?.(page)
      // What moves comes to rest, and nothing is pointed at.
      await page.mouse.move(0, 0)
      await page.waitForTimeout(700)
      const path = join(FOLDER, phone ? `${name}.png` : `${name}-${colorScheme}.png`)
      await page.screenshot({ path, fullPage: whole })
      console.log(path.slice(ROOT.length))
    }
    await context.close()
  }
} finally {
  await browser.close()
  await demo.close()
}
