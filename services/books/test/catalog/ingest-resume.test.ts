import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { catalogInfo, ingest } from '@headway/books/catalog'
import { describe, expect, it } from 'vitest'
import { folder, opened } from './support/folder.js'
import { fileWith, isbnOf, manyEditions, takeIn } from './support/take-in.js'

const PROGRAM = fileURLToPath(new URL('./programs/ingest.mjs', import.meta.url))
const EDITIONS = 6000

/** A process that takes the file in is killed when so many records are in. */
async function killedAt(records: number, catalog: string, file: string): Promise<void> {
  const program = spawn(process.execPath, [PROGRAM, catalog, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface(program.stdout)) if (Number(line) >= records) break
  program.kill('SIGKILL')
  if (program.exitCode === null && program.signalCode === null) await once(program, 'exit')
}

describe('an ingest that is stopped', () => {
  it.each([
    ['a plain file', (text: string) => Buffer.from(text)],
    ['a compressed one', (text: string) => gzipSync(text)],
  ])('by kill -9 goes on where it was: %s', async (_, encoded) => {
    const where = await folder()
    const catalog = join(where, 'catalog.sqlite')
    const shipped = opened(catalog).count()
    const file = await fileWith(where, 'dump', encoded(manyEditions(EDITIONS)))
    await killedAt(2000, catalog, file)
    const [unfinished] = catalogInfo(catalog).files
    expect(unfinished?.records).toBeGreaterThanOrEqual(2000)
    expect(unfinished?.records).toBeLessThan(EDITIONS)
    expect(unfinished?.finishedAt).toBeUndefined()
    const { report } = await takeIn({ catalog, file })
    expect(report).toMatchObject({ began: 'resumed', records: EDITIONS, added: EDITIONS, updated: 0, malformed: 0 })
    expect(opened(catalog).count()).toBe(shipped + EDITIONS)
    expect(opened(catalog).byIsbn([isbnOf(0), isbnOf(EDITIONS - 1)]).size).toBe(2)
  })

  it('by its signal goes on where it was', async () => {
    const where = await folder()
    const [catalog, stop] = [join(where, 'catalog.sqlite'), new AbortController()]
    const file = await fileWith(where, 'dump.txt', manyEditions(EDITIONS))
    const steps = ingest({ catalog, file, signal: stop.signal })
    await steps.next()
    stop.abort()
    await expect(steps.next()).rejects.toMatchObject({ name: 'AbortError' })
    expect((await takeIn({ catalog, file })).report).toMatchObject({ began: 'resumed', records: EDITIONS, added: EDITIONS })
  })

  it('is known again under another name when it is complete; with more at its end it is another file', async () => {
    const where = await folder()
    const catalog = join(where, 'catalog.sqlite')
    const file = await fileWith(where, 'dump.txt', manyEditions(10))
    await takeIn({ catalog, file })
    const copy = join(where, 'copy.txt')
    await copyFile(file, copy)
    expect(await takeIn({ catalog, file: copy })).toMatchObject({ report: { began: 'complete', records: 10, added: 10 }, progress: [] })
    await appendFile(copy, manyEditions(11).split('\n').slice(10).join('\n'))
    expect((await takeIn({ catalog, file: copy })).report).toMatchObject({ began: 'new', records: 11, added: 1, updated: 10 })
  })

  it('is another file when anything in it was changed, though it is as long and has the same ends', async () => {
    const where = await folder()
    const catalog = join(where, 'catalog.sqlite')
    const lines = manyEditions(3000)
    await takeIn({ catalog, file: await fileWith(where, 'dump.txt', lines) })
    const edited = lines.replace('"Numbered volume 1500"', '"Numbered edition 500"')
    expect(edited).toHaveLength(lines.length)
    const { report } = await takeIn({ catalog, file: await fileWith(where, 'dump.txt', edited) })
    expect(report).toMatchObject({ began: 'new', updated: 3000 })
    expect(
      opened(catalog)
        .byIsbn([isbnOf(1500)])
        .get(isbnOf(1500))?.title,
    ).toBe('Numbered edition 500')
  })

  it('because its file is cut off keeps what could be read, and says so', async () => {
    const where = await folder()
    const catalog = join(where, 'catalog.sqlite')
    const whole = gzipSync(manyEditions(EDITIONS))
    const file = await fileWith(where, 'dump.txt.gz', whole.subarray(0, Math.floor(whole.length / 2)))
    await expect(takeIn({ catalog, file })).rejects.toMatchObject({ code: 'TRUNCATED_FILE' })
    const [cut] = catalogInfo(catalog).files
    expect(cut?.added).toBeGreaterThan(1000)
    expect(cut?.malformed).toBe(0)
    expect(opened(catalog).byIsbn([isbnOf((cut?.added ?? 0) - 1)]).size).toBe(1)
    await expect(takeIn({ catalog, file })).rejects.toMatchObject({ code: 'TRUNCATED_FILE' })
  })

  it('lets others read and ask meanwhile', async () => {
    const where = await folder()
    const path = join(where, 'catalog.sqlite')
    const catalog = opened(path)
    const before = catalog.count()
    const seen: number[] = []
    for await (const { added } of ingest({ catalog: path, file: await fileWith(where, 'dump.txt', manyEditions(EDITIONS)) })) {
      seen.push(catalog.count() - before - added)
    }
    expect(new Set(seen)).toEqual(new Set([0]))
    expect(seen.length).toBeGreaterThan(3)
  })
})

describe('files that can not be taken in', () => {
  it.each([
    ['nothing at all', Buffer.alloc(0), 'UNKNOWN_FORMAT'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]), 'UNKNOWN_FORMAT'],
    ['another CSV', Buffer.from('name,age\nAnn,7\n'), 'UNKNOWN_FORMAT'],
    ['gzip of nothing', gzipSync(''), 'UNKNOWN_FORMAT'],
    ['something like gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8]), 'UNKNOWN_FORMAT'],
  ])('%s', async (_, content, code) => {
    const where = await folder()
    const file = await fileWith(where, 'file', content)
    await expect(takeIn({ catalog: join(where, 'catalog.sqlite'), file })).rejects.toMatchObject({ code })
  })

  it('one that is not there, a folder', async () => {
    const where = await folder()
    const catalog = join(where, 'catalog.sqlite')
    await expect(takeIn({ catalog, file: join(where, 'nowhere') })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(takeIn({ catalog, file: where })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})
