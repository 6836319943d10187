import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { run, workFolder } from './support/command.js'
import { serverForTests, TestServer } from './support/server.js'
import { Terminal } from './support/terminal.js'

const SHELF = fileURLToPath(new URL('../data/demo/shelf.jpg', import.meta.url))
const ALONE = { 'headway.config.yaml': 'booksProviders: none\nbooksMaxCsvBytes: 4096\n' }

const LIBRARY = `Title,Author,ISBN13,My Rating
Animal Farm,George Orwell,9780451526342,5
Broken,Somebody,9780451526343,4
"Farm, Animal",George Orwell,9780451526342,3
,,,2
=cmd|x,Mallory,,
`

const shared = serverForTests({
  ...ALONE,
  'library.csv': LIBRARY,
  'german.csv': 'Werk,Von\nEmma,Jane Austen\n',
  'empty.csv': '',
  'large.csv': `Title\n${'A book\n'.repeat(1000)}`,
})

function textOf(server: TestServer, name: string): Promise<string> {
  return readFile(join(server.folder, name), 'utf8')
}

describe('headway import', () => {
  it('says what becomes of each row, and writes the books and the rows to mend', async () => {
    const server = shared()
    const files = ['--out', 'books.json', '--failed-rows', 'failed.csv']
    const { code, stdout, stderr } = await server.run(['import', 'library.csv', ...files])
    expect(code, stderr).toBe(0)
    expect(stdout).toBe(
      [
        '5 rows: 3 imported, 1 duplicate, 1 failed',
        '1 of the 3 books were found',
        'Troubles: invalid_isbn 1, missing_title_and_isbn 1',
        '3 books written to books.json',
        '1 row to mend written to failed.csv',
        '',
      ].join('\n'),
    )
    expect(stderr).toContain('Row 3, Broken: The check digit does not fit the other digits.\n')
    expect(stderr).toContain('Row 4: the same book as in row 2\n')
    expect(stderr).toContain('Row 5: The row has no title and no valid ISBN.\n')
    expect(stderr).toMatch(/headway: completed after \S+\n$/)
    const books = JSON.parse(await textOf(server, 'books.json')) as object
    expect(books).toMatchObject({
      counts: { rows: 5, imported: 3 },
      books: [{ title: 'Animal Farm', rating: 5 }, {}, {}],
      errors: [{ row: 3 }, {}, {}],
    })
    expect(await textOf(server, 'failed.csv')).toBe(
      '\ufeffTitle,Author,ISBN13,My Rating,error\r\n,,,2,missing_title_and_isbn: The row has no title and no valid ISBN.\r\n',
    )
  })

  it('writes the books as CSV that can be imported again, without formulas', async () => {
    const server = shared()
    expect((await server.run(['import', 'library.csv', '--out', 'books.csv'])).code).toBe(0)
    const [header, first, , formula] = (await textOf(server, 'books.csv')).split('\r\n')
    expect(header).toMatch(/^\ufeffTitle,Author,Translators,.*,ISBN13,My Rating,/)
    expect(first).toMatch(/^Animal Farm,George Orwell,+9780451526342,5,/)
    expect(formula).toMatch(/^'=cmd\|x,Mallory,/)
    const { code, stdout } = await server.run(['import', 'books.csv', '--out', 'again.json'])
    expect(code).toBe(0)
    expect(stdout).toContain('3 rows: 3 imported, 0 duplicates, 0 failed\n')
    const again = JSON.parse(await textOf(server, 'again.json')) as { books: { title: string }[] }
    expect(again.books.map(({ title }) => title)).toEqual(['Animal Farm', 'Broken', '=cmd|x'])
  })

  it('takes the meaning of columns, and needs no key', async () => {
    const server = shared()
    const elsewhere = await workFolder({ 'german.csv': await textOf(server, 'german.csv') })
    const named = { HEADWAY_URL: server.url }
    const unknown = await run(elsewhere, ['import', 'german.csv'], named)
    expect(unknown.code).toBe(1)
    expect(unknown.stderr).toContain('(UNKNOWN_COLUMNS)')
    expect(unknown.stderr).toContain('--mapping')
    const mapped = ['import', 'german.csv', '--mapping', '{"title":"Werk","authors":"Von"}', '--out', 'german.json']
    const { code, stdout, stderr } = await run(elsewhere, mapped, named)
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('1 row: 1 imported')
    expect(stdout).toContain('1 book written to german.json')
  })

  it('is the same job with the same key, and shows the events as they are with --json', async () => {
    const server = shared()
    const args = ['import', 'library.csv', '--json', '--idempotency-key', 'once']
    const [first, second] = [await server.run(args), await server.run(args)]
    expect(second.stdout).toBe(first.stdout)
    const types = first.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type)
    expect(types.filter((type) => type === 'book')).toHaveLength(5)
    expect(types.at(-1)).toBe('completed')
    expect(first.stderr).toContain('5 rows: 3 imported')
  })

  it.each([
    ['empty.csv', [], 'empty.csv is empty.'],
    ['large.csv', [], 'large.csv is too large: the server takes at most 4.0 KiB (4096 bytes).'],
    ['nowhere.csv', [], "nowhere.csv can't be read: there is no such file."],
    ['library.csv', ['--out', 'books.txt'], '--out is "books.txt"; its name must end with .json or .csv.'],
    ['library.csv', ['--out', 'nowhere/books.csv'], "nowhere/books.csv can't be written: there is no such folder."],
    ['library.csv', ['--mapping', 'title'], '--mapping is no JSON object'],
  ])('says before the upload what is wrong: %s %j', async (file, flags, message) => {
    const server = shared()
    const { code, stdout, stderr } = await server.run(['import', file, ...flags])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`headway: ${message}`)
  })

  it('says before the upload that a short key is none without an API key', async () => {
    const server = shared()
    const { code, stderr } = await server.run(['import', 'library.csv', '--idempotency-key', 'k1'], { HEADWAY_DATA: 'elsewhere' })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'headway: --idempotency-key has 2 characters; without an API key it needs at least 16: use a random one, such as a UUID.\n',
    })
  })

  it('shows a bar in a terminal', async () => {
    const server = shared()
    const terminal = new Terminal(server.folder, ['import', 'library.csv'], server.env)
    await terminal.shows(/import █/)
    await terminal.shows(/5 rows: 3 imported, 1 duplicate, 1 failed/)
    expect(await terminal.exit).toBe(0)
  })
})

describe('headway scan', () => {
  it('reads the books off a photo, and says which photo it could not read', async () => {
    const server = shared()
    const { code, stdout, stderr } = await server.run(['scan', SHELF, 'library.csv', '--out', 'shelf.csv', '--annotated', 'pictures'])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^TITLE +AUTHORS +ISBN +SURE\n/)
    expect(stdout).toMatch(/^Animal Farm +George Orwell +9780451526342 +\d+%$/m)
    expect(stdout).toContain('8 books found\nlibrary.csv: The file is no photo')
    expect(stderr).toMatch(/^Animal Farm \(\d+%\)$/m)
    expect(await textOf(server, 'shelf.csv')).toMatch(
      /^\ufeffPhoto,Title,Author,ISBN13,Confidence,Text,X,Y,Width,Height\r\n(?:0,.*\r\n){8}$/,
    )
    expect((await stat(join(server.folder, 'pictures', '0.jpg'))).size).toBeGreaterThan(1000)
  })

  it('says before the upload what is wrong', async () => {
    const server = shared()
    expect(await server.run(['scan', 'empty.csv'])).toMatchObject({ code: 2, stderr: 'headway: empty.csv is empty.\n' })
    const taken = await server.run(['scan', SHELF, '--annotated', 'library.csv'])
    expect(taken).toMatchObject({
      code: 2,
      stderr: "headway: library.csv can't be a folder for the photos: there is a file of this name.\n",
    })
    const six = await server.run(['scan', ...Array.from({ length: 6 }, () => SHELF)])
    expect(six).toMatchObject({ code: 2, stderr: 'headway: These are 6 photos; the server takes 5 at a time.\n' })
  })
})

describe('Ctrl-C', () => {
  it('leaves an import running, or cancels it', async () => {
    // Somebody to ask who never answers.
    const silence = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silence, 'listening')
    onTestFinished(() => {
      silence.closeAllConnections()
      silence.close()
    })
    const url = `http://127.0.0.1:${(silence.address() as AddressInfo).port}`
    const server = await TestServer.start(
      { 'library.csv': 'Title,ISBN\nNobody knows it,9780000000002\n' },
      { HEADWAY_OPEN_LIBRARY_URL: url },
    )
    const left = server.begin(['import', 'library.csv', '--idempotency-key', 'this one'])
    const [, id = ''] = await left.complains(/headway: job (\S+)/)
    await server.sees(id, /"claimed"/)
    left.process.kill('SIGINT')
    expect(await left.exit).toBe(75)
    expect(left.stderr).toContain("To come back: headway import library.csv --idempotency-key 'this one'\n")
    const back = server.begin(['import', 'library.csv', '--idempotency-key', 'this one', '--cancel-on-exit'])
    const [, same] = await back.complains(/headway: job (\S+)/)
    expect(same).toBe(id)
    back.process.kill('SIGINT')
    expect(await back.exit).toBe(130)
    expect((await server.job(id)).status).toBe('cancelled')
  })
})
