import { gzipSync } from 'node:zlib'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run, workFolder } from './support/command.js'
import { Terminal } from './support/terminal.js'

const LINES = [
  '/type/author\t/authors/OL1A\t1\t2020-01-01T00:00:00\t{"key":"/authors/OL1A","name":"Karin Boye"}',
  '/type/edition\t/books/OL1M\t1\t2020-01-01T00:00:00\t{"title":"Kallocain","isbn_13":["9791234567896"],"authors":[{"key":"/authors/OL1A"}],"publish_date":"1940"}',
  'no record',
]

async function withDump(): Promise<string> {
  const folder = await workFolder()
  await writeFile(join(folder, 'dump.txt.gz'), gzipSync(LINES.join('\n')))
  return folder
}

describe('headway catalog', () => {
  it('takes a file in, once, and says what became of its records', async () => {
    const folder = await withDump()
    const first = await run(folder, ['catalog', 'ingest', 'dump.txt.gz'])
    expect(first.stdout, first.stderr).toMatch(
      /^dump\.txt\.gz \(openlibrary\): 3 records: 1 added, 0 updated, 1 other records, 1 malformed in .+\n {2}record 3: there are less than five columns\n$/,
    )
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const again = await run(folder, ['catalog', 'ingest', 'dump.txt.gz'])
    expect(again.stdout).toMatch(/^dump\.txt\.gz: taken in before \(3 records: /)
    const info = await run(folder, ['catalog', 'info'])
    expect(info.stdout).toMatch(
      /catalog\.sqlite \(.+\): \d+ editions, \d+ with an ISBN\n\nFILE +FORMAT .+\ndump\.txt\.gz +openlibrary +3 +1 +0 +1 +20/,
    )
    const found = await run(folder, ['catalog', 'search', 'boye', 'kallocain'])
    expect(found.stdout).toMatch(/^ISBN +TITLE +AUTHORS +YEAR\n9791234567896 +Kallocain +Karin Boye +1940\n$/)
  })

  it('uses the catalog that is named, and goes on after a file that can not be read', async () => {
    const folder = await withDump()
    const { code, stdout, stderr } = await run(folder, ['catalog', 'ingest', 'nowhere', 'tasks.yaml', 'dump.txt.gz'], {
      HEADWAY_BOOKS_CATALOG: 'mine.sqlite',
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^headway: nowhere can't be read: there is no such file\. \(FILE_UNREADABLE\)\nheadway: tasks\.yaml is no dump .+ \(UNKNOWN_FORMAT\)\n$/,
    )
    expect(stdout).toContain('1 added')
    expect((await stat(join(folder, 'mine.sqlite'))).isFile()).toBe(true)
  })

  it('is wrong use where no file can be read', async () => {
    const { code, stdout, stderr } = await run(await workFolder(), ['catalog', 'ingest', 'nope'])
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: "headway: nope can't be read: there is no such file. (FILE_UNREADABLE)\n",
    })
  })

  it('knows the books that ship before there is a file, and makes none by looking', async () => {
    const folder = await workFolder()
    const found = await run(folder, ['catalog', 'search', 'tolkien', '--limit', '1'])
    expect(found.stdout).toMatch(/J\. R\. R\. Tolkien/)
    expect(found.stderr).toMatch(/^1 of \d+ books\n$/)
    expect((await run(folder, ['catalog', 'info'])).stdout).toContain('is not made yet')
    await expect(stat(join(folder, 'data'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('refuses a format that there is not, and a limit that is none', async () => {
    const folder = await workFolder()
    expect(await run(folder, ['catalog', 'ingest', '--format', 'epub', 'x'])).toMatchObject({ code: 2 })
    expect(await run(folder, ['catalog', 'search', 'x', '--limit', 'many'])).toMatchObject({ code: 2 })
  })

  it('shows a bar in a terminal', async () => {
    const folder = await withDump()
    const terminal = new Terminal(folder, ['catalog', 'ingest', 'dump.txt.gz'])
    expect(await terminal.exit).toBe(0)
    expect(terminal.text).toMatch(/dump\.txt\.gz █+ +\d+% 3 records, 1 added, 1 malformed;/)
  })
})
