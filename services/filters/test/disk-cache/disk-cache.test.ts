import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { DiskCache } from '../../dist/disk-cache/index.js'

const schema = z.object({ name: z.string() })
const key = (name: string): string => createHash('sha256').update(name).digest('hex')
const KIB = 1024

async function folderOf(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-cache-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

function open(folder: string, maxBytes: number, maxEntries?: number): DiskCache<{ name: string }> {
  return new DiskCache({ folder, maxBytes, schema, durable: true, ...(maxEntries !== undefined && { maxEntries }) })
}

async function fileOf(folder: string, bytes: number): Promise<{ rules: string }> {
  const rules = join(await mkdtemp(join(folder, 'list-')), 'rules')
  await writeFile(rules, 'x'.repeat(bytes))
  return { rules }
}

/** The file of an entry that ends so. */
async function find(folder: string, name: string, end: string): Promise<string> {
  const file = (await readdir(folder)).find((one) => one.startsWith(key(name)) && one.endsWith(end))
  if (file === undefined) throw new Error('There is no such file.')
  return join(folder, file)
}

test('what was not used for the longest time makes room; files and metadata count in blocks of the disk', async () => {
  const [folder, work] = [await folderOf(), await folderOf()]
  const cache = open(folder, 24 * KIB)
  for (const name of ['a', 'b', 'c']) await cache.put(key(name), { name }, await fileOf(work, 40))
  expect(await cache.diskBytes()).toBe(24 * KIB)
  expect(await cache.take(key('a'), work)).toMatchObject({ meta: { name: 'a' }, size: 40 })
  expect(await cache.put(key('d'), { name: 'd' }, await fileOf(work, 5000))).toEqual({
    kept: true,
    size: 5000,
    evicted: [
      { key: key('b'), size: 40 },
      { key: key('c'), size: 40 },
    ],
  })
  expect(await cache.find(key('b'))).toBeUndefined()
  expect(await cache.diskBytes()).toBe(20 * KIB)
})

test('what alone is larger than the cache is not kept, and puts out nothing but what was under its key', async () => {
  const [folder, work] = [await folderOf(), await folderOf()]
  const cache = open(folder, 16 * KIB)
  for (const name of ['a', 'b']) await cache.put(key(name), { name }, await fileOf(work, 40))
  expect(await cache.put(key('a'), { name: 'a' }, await fileOf(work, 17 * KIB))).toEqual({ kept: false, size: 17 * KIB, evicted: [] })
  expect(await cache.find(key('a'))).toBeUndefined()
  expect(await cache.find(key('b'))).toMatchObject({ meta: { name: 'b' } })
  expect(await readdir(folder)).toHaveLength(2)
})

test('the number of entries is limited, and large metadata counts', async () => {
  const folder = await folderOf()
  const few = open(folder, 1024 * KIB, 2)
  for (const name of ['a', 'b', 'c']) await few.put(key(name), { name }, { rules: Buffer.from('x') })
  expect([await few.find(key('a')), (await readdir(folder)).length]).toEqual([undefined, 4])
  const small = open(await folderOf(), 16 * KIB)
  expect((await small.put(key('a'), { name: 'x'.repeat(20 * KIB) }, { rules: Buffer.from('x') })).kept).toBe(false)
})

test('files that were taken stay when their entry goes', async () => {
  const [folder, work, mine] = [await folderOf(), await folderOf(), await folderOf()]
  const cache = open(folder, 8 * KIB)
  await cache.put(key('a'), { name: 'a' }, await fileOf(work, 80))
  await cache.take(key('a'), mine)
  await cache.put(key('b'), { name: 'b' }, await fileOf(work, 90))
  expect(await readFile(join(mine, 'rules'), 'utf8')).toBe('x'.repeat(80))
})

test('after a restart entries are there again; torn ones and leftovers are gone', async () => {
  const [folder, work] = [await folderOf(), await folderOf()]
  const before = open(folder, 1000 * KIB)
  for (const name of ['good', 'torn', 'half', 'broken']) await before.put(key(name), { name }, await fileOf(work, 40))
  await truncate(await find(folder, 'torn', '.rules'), 39)
  await rm(await find(folder, 'half', '.json'))
  await writeFile(await find(folder, 'broken', '.json'), '{"meta":')
  await writeFile(join(folder, 'leftover.tmp'), 'x')
  const after = open(folder, 1000 * KIB)
  expect(await after.take(key('good'), work)).toMatchObject({ meta: { name: 'good' }, size: 40 })
  for (const name of ['torn', 'half', 'broken']) expect(await after.take(key(name), work)).toBeUndefined()
  expect(await readdir(folder)).toHaveLength(2)
  const smaller = open(folder, 10)
  expect([await smaller.diskBytes(), await readdir(folder)]).toEqual([0, []])
})

test.each(['.rules', '.json'])('an entry whose %s is gone is told of once, and then forgotten', async (end) => {
  const [folder, work] = [await folderOf(), await folderOf()]
  const cache = open(folder, 100 * KIB)
  await cache.put(key('a'), { name: 'a' }, await fileOf(work, 40))
  await rm(await find(folder, 'a', end))
  await expect(cache.take(key('a'), work)).rejects.toMatchObject({ code: 'ENTRY_BROKEN' })
  expect(await cache.take(key('a'), work)).toBeUndefined()
  expect([await cache.diskBytes(), await readdir(folder)]).toEqual([0, []])
})

test('a folder that was removed is made again', async () => {
  const [folder, work] = [await folderOf(), await folderOf()]
  const cache = open(folder, 100 * KIB)
  await cache.put(key('a'), { name: 'a' }, await fileOf(work, 40))
  await rm(folder, { recursive: true })
  await expect(cache.take(key('a'), work)).rejects.toMatchObject({ code: 'ENTRY_BROKEN' })
  expect((await cache.put(key('a'), { name: 'again' }, await fileOf(work, 40))).kept).toBe(true)
  expect(await cache.take(key('a'), work)).toMatchObject({ meta: { name: 'again' } })
})

test('what fails midway, or is not wanted any more, leaves nothing and changes nothing', async () => {
  const [folder, work] = [await folderOf(), await folderOf()]
  const cache = open(folder, 100 * KIB)
  await cache.put(key('a'), { name: 'a' }, await fileOf(work, 40))
  const before = [await cache.diskBytes(), await readdir(folder)]
  const half = { ...(await fileOf(work, 50)), text: join(work, 'missing') }
  await expect(cache.put(key('a'), { name: 'b' }, half)).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(cache.put(key('a'), { name: 'b' }, await fileOf(work, 50), AbortSignal.abort(new Error('cancelled')))).rejects.toThrow(
    'cancelled',
  )
  expect([await cache.diskBytes(), await readdir(folder)]).toEqual(before)
  expect(await cache.find(key('a'))).toMatchObject({ meta: { name: 'a' } })
})

test('who means one version of an entry leaves a newer one alone', async () => {
  const [folder, work] = [await folderOf(), await folderOf()]
  const cache = open(folder, 100 * KIB)
  await cache.put(key('a'), { name: 'old' }, await fileOf(work, 40))
  const old = await cache.find(key('a'))
  await cache.put(key('a'), { name: 'new' }, await fileOf(work, 50))
  expect(await cache.remove(key('a'), old?.id)).toBe(false)
  expect(await cache.renew(key('a'), old?.id ?? '', { name: 'late' })).toBe(false)
  expect(await cache.find(key('a'))).toMatchObject({ meta: { name: 'new' }, size: 50 })
  expect(await readdir(folder)).toHaveLength(2)
})
