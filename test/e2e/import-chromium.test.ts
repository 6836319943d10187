import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from '../../apps/cli/src/demo/free-port.js'
import { isbnOf } from '../../services/books/test/support/stand-in/books.mjs'
import { startStandIns } from '../../services/books/test/support/stand-in/server.mjs'
import { startBreakingProxy } from './support/breaking-proxy.js'
import { browserForTests } from './support/browser.js'
import { folderOfTest, KEY, onceForTests } from './support/headway.js'
import { Program, ROOT } from './support/program.js'

const ROWS = 1000
/** In the hundreds of rows after these the import waits for a book that only Open Library knows. */
const KILLED_AFTER = 300
const CUT_AFTER = 600

const browser = browserForTests()

/** An Open Library that does not answer for a book before the test lets it. */
const library = onceForTests(async (atEnd) => {
  const standIns = await startStandIns()
  atEnd(() => standIns.close())
  const held = new Set<string>([isbnOf(KILLED_AFTER), isbnOf(CUT_AFTER)])
  const wakes: (() => void)[] = []
  standIns.openLibrary.before = async ({ isbns }: { readonly isbns: readonly string[] }) => {
    while (isbns.some((isbn) => held.has(isbn))) await new Promise<void>((resolve) => wakes.push(resolve))
  }
  return {
    url: standIns.openLibrary.url,
    answer(isbn: string) {
      held.delete(isbn)
      for (const wake of wakes.splice(0)) wake()
    },
  }
})

/** Two rows have an ISBN; the catalog is asked for the others by title. */
function csv(): string {
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const isbn = index === KILLED_AFTER + 50 ? isbnOf(KILLED_AFTER) : index === CUT_AFTER + 50 ? isbnOf(CUT_AFTER) : ''
    return `Diary of the day ${index + 1},Ada Writer,${isbn}`
  })
  return ['Title,Author,ISBN13', ...rows].join('\n')
}

async function serve(env: Readonly<Record<string, string>>): Promise<Program> {
  const program = new Program(process.execPath, [join(ROOT, 'apps/cli/bin/headway.mjs'), 'serve'], { env })
  await program.says(/listens at (http:\S+)/)
  return program
}

/** What the page has heard. */
interface Heard {
  readonly opened: number
  readonly rows: readonly number[]
  readonly counts: readonly number[]
  readonly ids: readonly string[]
  readonly completed?: { readonly books: readonly { readonly row: number; readonly title: string }[]; readonly counts: object }
}

/** Opens a page of the server's origin that uploads the file and watches its import with the browser's EventSource. */
async function watchImport(origin: string) {
  const page = await browser.open('about:blank')
  await page.route(`${origin}/an-app`, (route) => route.fulfill({ contentType: 'text/html', body: '<title>An app</title>' }))
  await page.goto(`${origin}/an-app`)
  await page.evaluate(`(async () => {
    const form = new FormData()
    form.set('file', new Blob([${JSON.stringify(csv())}]), 'library.csv')
    const answer = await (await fetch('/v3/jobs/imports', { method: 'POST', body: form })).json()
    const heard = (window.heard = { opened: 0, rows: [], counts: [], ids: [] })
    const source = new EventSource(answer.data.streamUrl)
    source.onopen = () => (heard.opened += 1)
    source.addEventListener('progress', ({ data, lastEventId }) => {
      const { row, processedCount } = JSON.parse(data)
      heard.rows.push(row)
      heard.counts.push(processedCount)
      heard.ids.push(lastEventId)
    })
    source.addEventListener('completed', ({ data }) => {
      source.close()
      heard.completed = JSON.parse(data)
    })
  })()`)
  return {
    until: (condition: string) => page.waitForFunction(condition, undefined, { timeout: 80_000 }),
    heard: () => page.evaluate<Heard>('heard'),
  }
}

test('an import of 1,000 rows outlives kill -9 of its server and a lost connection: the browser hears every row once, in order', async () => {
  const folder = await folderOfTest()
  const port = await freePort()
  const env = {
    PORT: String(port),
    HEADWAY_ADMIN_KEY: KEY,
    HEADWAY_DATA: join(folder, 'data'),
    HEADWAY_LEASE: '2s',
    HEADWAY_OPEN_LIBRARY_URL: library().url,
    HEADWAY_BOOKS_CONTACT: 'books@example.org',
  }
  const first = await serve(env)
  const proxy = await startBreakingProxy(`http://127.0.0.1:${port}`)
  const page = await watchImport(proxy.url)

  await page.until(`heard.rows.length === ${KILLED_AFTER}`)
  first.signal('SIGKILL')
  await first.exit
  await serve(env)
  await page.until('heard.opened === 2')
  library().answer(isbnOf(KILLED_AFTER))

  await page.until(`heard.rows.length === ${CUT_AFTER}`)
  proxy.breakAll()
  library().answer(isbnOf(CUT_AFTER))
  await page.until('heard.completed !== undefined')

  const { opened, rows, counts, ids, completed } = await page.heard()
  expect(opened).toBe(3)
  // The header is row 1.
  expect(rows).toEqual(Array.from({ length: ROWS }, (_, index) => index + 2))
  expect(counts).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1))
  expect(new Set(ids).size).toBe(ROWS)
  expect(completed?.counts).toEqual({ rows: ROWS, imported: ROWS, duplicates: 0, failed: 0, blank: 0 })
  expect(completed?.books.map(({ row, title }) => [row, title])).toEqual(rows.map((row) => [row, `Diary of the day ${row - 1}`]))
})
