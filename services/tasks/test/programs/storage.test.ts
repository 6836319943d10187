import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { newFolder, PROGRAMS } from './support/programs.js'
import type { ManifestFile } from './support/programs.js'
import { BUCKET, startBucket } from './support/s3.js'
import type { Bucket } from './support/s3.js'

/** What the tests use of a place. */
interface Storage {
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>
  write(path: string, bytes: string, how?: { durable: boolean }): Promise<void>
  remove(path: string): Promise<void>
  list(prefix: string): Promise<{ path: string; size: number }[]>
  survey(prefix: string, files: ManifestFile[], onFile: (index: number, facts: Facts) => void): Promise<void>
  hash(prefix: string, files: ManifestFile[], onFile: (index: number, facts: Facts) => void): Promise<void>
  put(prefix: string, files: Put[], onFile: (index: number, outcome: Outcome) => void, how: object): Promise<void>
  removeAll(prefix: string, paths: string[]): Promise<void>
}

type Put = ManifestFile & { reuse?: string }
type Facts = { size: number; sha256: string } | { trouble: string }
type Outcome = { how: string } | { lie: string }

const { openStorage } = (await import(join(PROGRAMS, 'lib/storage/open-storage.mjs'))) as { openStorage(place: object): Promise<Storage> }
const MIB = 2 ** 20
const NAMES = ['plain.json', 'a b+c.json', 'ä &amp; 漢 %20.json', "it's (1)!.json", 'deep/er/😀.bin', '"quoted"<>|*?.txt', 'empty']

async function openBucket(): Promise<{ storage: Storage; bucket: Bucket }> {
  const bucket = await startBucket()
  for (const [name, value] of Object.entries(bucket.env)) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
  return { storage: await openStorage({ kind: 's3', bucket: BUCKET, prefix: 'place/' }), bucket }
}

/** Makes files in a folder, with a content of this size each. */
function makeFiles(folder: string, sizes: Record<string, number>): ManifestFile[] {
  return Object.entries(sizes).map(([path, size]) => {
    const bytes = Buffer.alloc(size, path)
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
    return { path, size, sha256: createHash('sha256').update(bytes).digest('hex') }
  })
}

async function put(storage: Storage, source: string, files: Put[], prefix = 'v1'): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const how = { source, keepStray: false, reserved: [], flush: false, threads: 2, signal: new AbortController().signal }
  await storage.put(prefix, files, (index, outcome) => void (outcomes[index] = outcome), how)
  return outcomes
}

async function factsBy(storage: Storage, way: 'survey' | 'hash', files: ManifestFile[]): Promise<Facts[]> {
  const all: Facts[] = []
  await storage[way]('v1', files, (index, facts) => void (all[index] = facts))
  return all
}

const places: [string, () => Promise<Storage>][] = [
  ['a folder', () => openStorage({ kind: 'folder', path: newFolder() })],
  ['a bucket', async () => (await openBucket()).storage],
]

describe.each(places)('%s', (_name, open) => {
  test('keeps files of all names, and tells which are right', async () => {
    const [storage, source] = [await open(), newFolder()]
    const files = makeFiles(source, Object.fromEntries(NAMES.map((path) => [path, path === 'empty' ? 0 : 1000])))
    expect(await put(storage, source, files)).toEqual(NAMES.map(() => ({ how: 'copied' })))
    const listed = (await storage.list('v1')).map(({ path, size }) => ({ path, size }))
    expect(listed.map(({ path }) => path).toSorted()).toEqual(NAMES.toSorted())
    expect(new Set(listed.map(({ size }) => size))).toEqual(new Set([0, 1000]))
    const right = files.map(({ size, sha256 }) => expect.objectContaining({ size, sha256 }) as Facts)
    for (const way of ['survey', 'hash'] as const) {
      expect(await factsBy(storage, way, files)).toEqual(right)
      expect(await factsBy(storage, way, [{ path: 'nothing', size: 1, sha256: '' }])).toEqual([{ trouble: 'missing' }])
    }
    await storage.removeAll('v1', NAMES.slice(1))
    expect((await storage.list('v1')).map(({ path }) => path)).toEqual([NAMES[0]])
  })

  test('takes files of many parts, and nothing of one that is not what its manifest says', async () => {
    const [storage, source] = [await open(), newFolder()]
    const files = makeFiles(source, { right: 20 * MIB + 7, whole: 16 * MIB, wrong: 9 * MIB, short: 9 * MIB, small: 10 })
    const lies = { wrong: { sha256: '0'.repeat(64) }, short: { size: 10 * MIB }, small: { sha256: '1'.repeat(64) } }
    const told = files.map((file) => ({ ...file, ...lies[file.path as keyof typeof lies] }))
    const content = { lie: 'has another content than its manifest says' }
    const size = { lie: `has ${9 * MIB} bytes instead of ${10 * MIB}` }
    expect(await put(storage, source, told)).toEqual([{ how: 'copied' }, { how: 'copied' }, content, size, content])
    expect((await storage.list('v1')).map(({ path }) => path).toSorted()).toEqual(['right', 'whole'])
    const right = files.slice(0, 2).map((file) => expect.objectContaining({ size: file.size, sha256: file.sha256 }) as Facts)
    expect(await factsBy(storage, 'survey', files.slice(0, 2))).toEqual(right)
    expect(await factsBy(storage, 'hash', files.slice(0, 2))).toEqual(right)
  })

  test('takes from itself what is right there, and only that', async () => {
    const [storage, source] = [await open(), newFolder()]
    const files = makeFiles(source, { 'a b ä.bin': 1000, large: 9 * MIB, other: 1000 })
    await put(storage, source, files, 'v0')
    const wishes = files.map((file) => ({ ...file, reuse: file.path === 'other' ? 'v0/a b ä.bin' : `v0/${file.path}` }))
    expect(await put(storage, source, wishes)).toEqual([{ how: 'reused' }, { how: 'reused' }, { how: 'copied' }])
    const right = files.map(({ size, sha256 }) => expect.objectContaining({ size, sha256 }) as Facts)
    expect(await factsBy(storage, 'survey', files)).toEqual(right)
    expect(await factsBy(storage, 'hash', files)).toEqual(right)
  })

  test('reads small files, and no large ones', async () => {
    const storage = await open()
    await storage.write('x/pointer.json', 'hello')
    expect(await storage.read('x/pointer.json', 5)).toEqual(Buffer.from('hello'))
    await expect(storage.read('x/pointer.json', 4)).rejects.toThrow(/has 5 bytes.*at most 4 are read/)
    await storage.remove('x/pointer.json')
    expect(await storage.read('x/pointer.json', 5)).toBeUndefined()
  })
})

describe('a bucket', () => {
  test('is listed page by page, with names as they are', async () => {
    const { storage, bucket } = await openBucket()
    const entry = (key: string): string =>
      `<Contents><Key>place/many/${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`
    const page = (keys: string[], more: string): string =>
      `<ListBucketResult><EncodingType>url</EncodingType>${more}${keys.map(entry).join('')}</ListBucketResult>`
    const token = (of: string): string => `<IsTruncated>true</IsTruncated><NextContinuationToken>${of}</NextContinuationToken>`
    bucket.meddle((line) => {
      if (line.includes('continuation-token=2/=')) return { xml: page(['d%252'], '<IsTruncated>false</IsTruncated>') }
      if (line.includes('continuation-token=1+')) return { xml: page(['b%2Bc', 'folder/'], token('2/=')) }
      return { xml: page(['a+b', '%C3%A4%26'], token('1+')) }
    })
    expect((await storage.list('many')).map(({ path }) => path)).toEqual(['a b', 'ä&', 'b+c', 'd%2'])
    expect(bucket.requests.every((line) => line.includes('encoding-type=url') && line.includes('prefix=place/many/'))).toBe(true)
  })

  test('whose answers do not say how long they are is read no further than it may be', async () => {
    const { storage, bucket } = await openBucket()
    await storage.write('pointer.json', 'hello')
    bucket.meddle(() => 'unmeasured')
    await expect(storage.read('pointer.json', 4)).rejects.toThrow(/at most 4 are read/)
    expect(await storage.read('pointer.json', 5)).toEqual(Buffer.from('hello'))
  })

  test('is looked at without reading what it has got right, small or in parts', async () => {
    const [{ storage, bucket }, source] = [await openBucket(), newFolder()]
    const files = makeFiles(source, { small: 10, parts: 17 * MIB })
    await put(storage, source, files)
    await put(
      storage,
      source,
      files.map((file) => ({ ...file, reuse: `v1/${file.path}` })),
      'v2',
    )
    const reads = bucket.requests.filter((line) => line.startsWith('GET ')).length
    await factsBy(storage, 'survey', files)
    expect(bucket.requests.filter((line) => line.startsWith('GET '))).toHaveLength(reads)
  })

  test('gets the largest files that there can be in no more than 10,000 parts', async () => {
    const { partBytesOf } = (await import(join(PROGRAMS, 'lib/storage/s3-upload.mjs'))) as { partBytesOf(size: number): number }
    for (const size of [9 * MIB, 80 * 1024 * MIB + 1, 5 * MIB * MIB])
      expect(Math.ceil(size / partBytesOf(size))).toBeLessThanOrEqual(10_000)
  })
})
