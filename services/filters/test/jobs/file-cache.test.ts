import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { FileCache } from '../../dist/jobs/file-cache.js'

const schema = z.object({ name: z.string() })
const key = (name: string): string => createHash('sha256').update(name).digest('hex')

async function folderOf(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-cache-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function fileOf(folder: string, bytes: number): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'list-')), 'rules')
  await writeFile(path, 'x'.repeat(bytes))
  return path
}

test('what was not used for the longest time makes room', async () => {
  const [folder, work] = [await folderOf(), await folderOf()]
  const cache = await FileCache.open(folder, 100, schema)
  for (const name of ['a', 'b']) await cache.put(key(name), { name }, [await fileOf(work, 40)])
  expect(await cache.take(key('a'), work)).toEqual({ meta: { name: 'a' }, size: 40 })
  expect(await cache.put(key('c'), { name: 'c' }, [await fileOf(work, 60)])).toEqual({
    kept: true,
    size: 60,
    evicted: [{ key: key('b'), size: 40 }],
  })
  expect(await cache.peek(key('b'))).toBeUndefined()
  expect(cache.bytes).toBe(100)
  expect(await cache.put(key('d'), { name: 'd' }, [await fileOf(work, 101)])).toEqual({ kept: false, size: 101, evicted: [] })
  expect(await cache.peek(key('a'))).toEqual({ name: 'a' })
})

test('files that were taken stay when their entry goes', async () => {
  const [folder, work, mine] = [await folderOf(), await folderOf(), await folderOf()]
  const cache = await FileCache.open(folder, 100, schema)
  await cache.put(key('a'), { name: 'a' }, [await fileOf(work, 80)])
  await cache.take(key('a'), mine)
  await cache.put(key('b'), { name: 'b' }, [await fileOf(work, 90)])
  expect(await readFile(join(mine, 'rules'), 'utf8')).toBe('x'.repeat(80))
})

test('after a restart entries are there again; torn ones and leftovers are gone', async () => {
  const [folder, work] = [await folderOf(), await folderOf()]
  const before = await FileCache.open(folder, 1000, schema)
  for (const name of ['good', 'torn', 'half', 'broken']) await before.put(key(name), { name }, [await fileOf(work, 40)])
  await truncate(join(folder, `${key('torn')}.rules`), 39)
  await rm(join(folder, `${key('half')}.json`))
  await writeFile(join(folder, `${key('broken')}.json`), '{"meta":')
  await writeFile(join(folder, 'leftover.tmp'), 'x')
  const after = await FileCache.open(folder, 1000, schema)
  expect(await after.take(key('good'), work)).toEqual({ meta: { name: 'good' }, size: 40 })
  for (const name of ['torn', 'half', 'broken']) expect(await after.take(key(name), work)).toBeUndefined()
  expect((await readdir(folder)).toSorted()).toEqual([`${key('good')}.json`, `${key('good')}.rules`].toSorted())
  const smaller = await FileCache.open(folder, 10, schema)
  expect([smaller.bytes, await readdir(folder)]).toEqual([0, []])
})
