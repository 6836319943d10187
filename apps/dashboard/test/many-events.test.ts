import { onTestFinished, expect, test } from 'vitest'
import { launchBrowser, signIn, WAIT } from './job/support/open-page.js'
import { startServer } from './job/support/start-server.js'

/** 20 by `npm run dashboard:load`. */
const SECONDS = Number(process.env['HEADWAY_LOAD_SECONDS'] ?? 4)
const PER_SECOND = 5000

/**
 * The longest task that the page's main thread may have, in milliseconds. Where the machine is busy with other tests the time that the thread
 * ran is what counts, not that in which it waited for a processor; measured alone, both.
 */
const LONGEST_TASK_MS = 100
const IS_ALONE = SECONDS >= 20

/** So much more memory an event may take when all is told: its line of 70 characters and what the page knows of it. In bytes. */
const BYTES_PER_EVENT = 1500

/** What the page itself may take more, in bytes. */
const BYTES_OF_PAGE = 30 * 1024 * 1024

/** What Chromium's tracing tells; times in microseconds. */
interface Trace {
  readonly traceEvents: readonly {
    readonly name: string
    readonly pid: number
    readonly tid: number
    /** Of the processor. */
    readonly tdur?: number
    readonly args: { readonly name?: string }
  }[]
}

/** The longest time for which a task ran on the main thread of a page, in milliseconds. */
function longestRun({ traceEvents }: Trace): number {
  const mains = new Set(
    traceEvents.flatMap(({ name, pid, tid, args }) => (name === 'thread_name' && args.name === 'CrRendererMain' ? [`${pid} ${tid}`] : [])),
  )
  const runs = traceEvents.flatMap(({ name, pid, tid, tdur = 0 }) => (name.endsWith('RunTask') && mains.has(`${pid} ${tid}`) ? [tdur] : []))
  expect(runs.length).toBeGreaterThan(100)
  return Math.round(Math.max(...runs) / 1000)
}

interface Watched extends Omit<Window, 'frames'> {
  readonly longTasks: number[]
  readonly frames: number[]
  gc?: () => void
}

test(
  `stays responsive while a job emits ${PER_SECOND} events a second for ${SECONDS} s`,
  { timeout: 60_000 + SECONDS * 6000 },
  async () => {
    const server = await startServer(onTestFinished)
    const browser = await launchBrowser(onTestFinished)
    const { openJob, mistakes } = await signIn(browser, server.url, onTestFinished)
    const id = await server.create('many-events', { perSecond: PER_SECOND, seconds: SECONDS })
    const page = await openJob(id)
    await page.locator('[data-follow=live]').waitFor(WAIT)
    await page.getByText('Attempt 1 begins').waitFor(WAIT)
    const heap = () =>
      page.evaluate(() => {
        ;(window as unknown as Watched).gc?.()
        return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize
      })
    const before = await heap()
    await page.evaluate(() => {
      const watched = Object.assign(window, { longTasks: [] as number[], frames: [] as number[] })
      new PerformanceObserver((list) => watched.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
        entryTypes: ['longtask'],
      })
      let last = performance.now()
      requestAnimationFrame(function frame(now) {
        watched.frames.push(now - last)
        last = now
        requestAnimationFrame(frame)
      })
    })
    await browser.startTracing(page, { categories: ['__metadata', 'toplevel', 'disabled-by-default-devtools.timeline'] })
    server.letOn()
    await page
      .locator('[data-status=completed]')
      .first()
      .waitFor({ timeout: 30_000 + SECONDS * 5000 })
    await page.locator('[data-follow=closed]').waitFor(WAIT)
    const { longTasks, frames } = await page.evaluate(() => {
      const { longTasks, frames } = window as unknown as Watched
      return { longTasks, frames }
    })
    const longestRunMs = longestRun(JSON.parse((await browser.stopTracing()).toString()) as Trace)
    const after = await heap()
    const job = (await (await server.ask(`/jobs/${id}`)).json()) as { head: number; result: { seconds: number } }
    if (IS_ALONE)
      console.log(
        JSON.stringify({
          events: job.head,
          emittedInSeconds: Math.round(job.result.seconds * 10) / 10,
          longestTaskOfProcessorMs: longestRunMs,
          longestTaskMs: Math.max(0, ...longTasks),
          tasksOver50Ms: longTasks.length,
          longestFrameMs: Math.round(Math.max(0, ...frames)),
          frames: frames.length,
          heapBeforeMB: Math.round(before / 1e5) / 10,
          heapAfterMB: Math.round(after / 1e5) / 10,
        }),
      )
    // All has come: the log stands at its last line.
    await page.getByText('Completed', { exact: true }).waitFor(WAIT)
    const lines = PER_SECOND * SECONDS
    await page.getByText(new RegExp(`^line ${lines - 1}: `)).waitFor(WAIT)
    expect(longestRunMs).toBeLessThan(LONGEST_TASK_MS)
    if (IS_ALONE) expect(Math.max(0, ...longTasks)).toBeLessThan(LONGEST_TASK_MS)
    expect(after - before).toBeLessThan(BYTES_OF_PAGE + job.head * BYTES_PER_EVENT)
    expect(mistakes).toEqual([])
  },
)

test('goes through a log of a million lines, and searches it', { timeout: 180_000 }, async () => {
  const server = await startServer(onTestFinished)
  const browser = await launchBrowser(onTestFinished)
  const { openJob, mistakes } = await signIn(browser, server.url, onTestFinished)
  const page = await openJob(await server.create('a-million-lines', {}))
  const log = page.getByRole('log')
  const row = (n: number) => log.getByText(`line ${n} of a million`, { exact: true })
  await log.getByText('Completed', { exact: true }).waitFor({ timeout: 120_000 })
  await row(999_999).waitFor(WAIT)
  expect(await log.getByRole('table').getAttribute('aria-rowcount')).toBe('1,000,003'.replaceAll(',', ''))
  // As many rows are in the page as are seen.
  expect(await log.getByRole('row').count()).toBeLessThan(100)
  await log.focus()
  await page.keyboard.press('Home')
  await row(0).waitFor(WAIT)
  await page.keyboard.press('ArrowDown')
  // A turn of the wheel moves by so many pixels, also where the whole is higher than a browser can make it.
  const first = () => log.getByRole('row').first().getAttribute('aria-rowindex').then(Number)
  await log.hover()
  await page.mouse.wheel(0, 200)
  await expect.poll(first).toBe(12)
  // The scroll bar goes to its share of the whole.
  await log.evaluate((view) => {
    const scroller = view.parentElement?.parentElement
    if (scroller) scroller.scrollTop = scroller.scrollHeight / 2
  })
  await expect.poll(first).toBeGreaterThan(490_000)
  expect(await first()).toBeLessThan(510_000)
  await page.keyboard.press('/')
  await page.keyboard.type('line 123456 of')
  await page.getByText('1 line', { exact: true }).waitFor(WAIT)
  await page.keyboard.press('Enter')
  await log.locator('[data-current=true]', { hasText: 'line 123456 of a million' }).waitFor(WAIT)
  expect(mistakes).toEqual([])
})
