import type { BlobRef, BlobStore } from '@headway/core'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { PostgresBlobStore } from '../src/blobs/blob-store.js'
import type { Database } from '../src/database/database.js'
import { startBucket } from './support/bucket.js'
import { at, openNodes } from './support/nodes.js'

const PIECE = 256 * 1024
const MiB = 1024 * 1024
const HOUR_MS = 3_600_000

async function* inChunks(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < content.length; start += size) yield await Promise.resolve(content.subarray(start, start + size))
}

async function readAll(blobs: BlobStore, ref: BlobRef, range?: { readonly start?: number; readonly end?: number }): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of blobs.read(ref, range)) parts.push(part)
  return Buffer.concat(parts)
}

async function ownersOf(blobs: BlobStore): Promise<string[]> {
  const owners: string[] = []
  for await (const owner of blobs.owners()) owners.push(owner)
  return owners
}

async function insertJob(db: Database, id: string): Promise<void> {
  await db.run(
    db.sql(`insert into headway.jobs (id, uuid, type, status, queue, priority, run_at, max_recoveries, head, created_at)
      values (1, $1, 'any', 'completed', 0, 0, 0, 0, 1, 0)`),
    [id],
  )
}

test('blobs of any size, in one piece or many, are read whole and in ranges at another node', async () => {
  const { nodes } = await openNodes(2)
  const stores = nodes.map((node) => new PostgresBlobStore(node, { maxBytesInDatabase: 1 }))
  for (const size of [0, 1, PIECE, 2 * PIECE + 1]) {
    const content = randomBytes(size)
    const ref = await at(stores, 0).put(randomUUID(), inChunks(content, 100_000))
    expect(ref).toMatchObject({ size, sha256: createHash('sha256').update(content).digest('hex') })
    expect((await readAll(at(stores, 1), ref)).equals(content)).toBe(true)
    for (const range of [{ start: PIECE - 1, end: PIECE + 2 }, { start: PIECE }, { start: 2 * PIECE - 10, end: 10 * PIECE }]) {
      expect((await readAll(at(stores, 1), ref, range)).equals(content.subarray(range.start, range.end))).toBe(true)
    }
  }
})

test('a blob is not there before it is whole, and what is left of one that failed goes', async () => {
  const { nodes } = await openNodes(1)
  const db = at(nodes, 0)
  const blobs = new PostgresBlobStore(db, { maxBytesInDatabase: 8 * MiB })
  const rows = (): Promise<{ blobs: number; pieces: number }[]> =>
    db.run(db.sql('select (select count(*) from headway.blobs) as blobs, (select count(*) from headway.blob_pieces) as pieces'))
  const owner = randomUUID()
  async function* failing(): AsyncGenerator<Buffer> {
    yield* inChunks(randomBytes(3 * PIECE), PIECE)
    expect(await rows()).toEqual([{ blobs: 1, pieces: 2 }])
    const [unfinished] = await db.run<{ name: string }>(db.sql('select name from headway.blobs'))
    const ref = { blob: `${owner}/${unfinished?.name}`, size: 2 * PIECE, sha256: '' }
    await expect(readAll(blobs, ref)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    throw new Error('the sender went away')
  }
  await expect(blobs.put(owner, failing())).rejects.toThrow('the sender went away')
  expect(await rows()).toEqual([{ blobs: 0, pieces: 0 }])
  await expect(blobs.put(owner, inChunks(randomBytes(3 * PIECE), PIECE), { maxBytes: 3 * PIECE - 1 })).rejects.toMatchObject({
    code: 'BODY_TOO_LARGE',
  })
  expect(await rows()).toEqual([{ blobs: 0, pieces: 0 }])
  // One whose job goes while it is written does not come back.
  async function* abandoned(): AsyncGenerator<Buffer> {
    yield* inChunks(randomBytes(3 * PIECE), PIECE)
    await blobs.deleteAll(owner)
    yield* inChunks(randomBytes(3 * PIECE), PIECE)
  }
  await expect(blobs.put(owner, abandoned())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await rows()).toEqual([{ blobs: 0, pieces: 0 }])
})

test('owners without a job are told an hour after their last blob, also those of whom only a part is there', async () => {
  const { nodes, advance } = await openNodes(2)
  const stores = nodes.map((node) => new PostgresBlobStore(node, { maxBytesInDatabase: 8 * MiB }))
  const [blobs, others] = [at(stores, 0), at(stores, 1)]
  const [whole, part, late, job] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  await blobs.put(whole, inChunks(randomBytes(10), 10))
  await blobs.put(job, inChunks(randomBytes(10), 10))
  await insertJob(at(nodes, 0), job)
  let goOn: (() => void) | undefined
  const waits = new Promise<void>((resolve) => (goOn = resolve))
  const begun = new Promise<void>((resolve) => {
    async function* slow(): AsyncGenerator<Buffer> {
      yield* inChunks(randomBytes(3 * PIECE), PIECE)
      resolve()
      await waits
      throw new Error('the sender went away')
    }
    const put = blobs.put(part, slow()).catch((error: unknown) => error)
    onTestFinished(async () => {
      goOn?.()
      await put
    })
  })
  await begun
  await advance(HOUR_MS - 60_000)
  await others.put(late, inChunks(randomBytes(10), 10))
  expect(await ownersOf(others)).toEqual([])
  await advance(61_000)
  expect((await ownersOf(others)).toSorted()).toEqual([whole, part].toSorted())
  await others.deleteAll(part)
  await others.deleteAll(part)
  expect(await ownersOf(others)).toEqual([whole])
  await advance(HOUR_MS)
  expect((await ownersOf(others)).toSorted()).toEqual([whole, late].toSorted())
})

test('what is too large for the database goes to the bucket, and comes back whole, in ranges and after a broken answer', async () => {
  const { nodes } = await openNodes(2)
  const bucket = await startBucket()
  const options = { maxBytesInDatabase: MiB, bucket: { ...bucket.options, prefix: 'headway/' } }
  const db = at(nodes, 0)
  const [one, other] = [new PostgresBlobStore(db, options), new PostgresBlobStore(at(nodes, 1), options)]
  onTestFinished(async () => {
    await one.close()
    await other.close()
  })
  const pieces = (): Promise<object[]> => db.run(db.sql('select number from headway.blob_pieces'))
  const owner = randomUUID()
  const small = await one.put(owner, inChunks(randomBytes(MiB), 300_000))
  expect(bucket.objects()).toEqual([])
  const inDatabase = (await pieces()).length
  const content = randomBytes(9 * MiB + 5)
  const ref = await one.put(owner, inChunks(content, 300_000))
  expect(ref).toMatchObject({ size: content.length, sha256: createHash('sha256').update(content).digest('hex') })
  expect(bucket.objects()).toEqual([`headway/${ref.blob}`])
  expect(await pieces()).toHaveLength(inDatabase)

  bucket.cutNext('GET')
  expect((await readAll(other, ref)).equals(content)).toBe(true)
  for (const range of [{ start: 10, end: 20 }, { start: 8 * MiB - 1 }, { start: MiB - 5, end: MiB + 5 }, { start: 20 * MiB }]) {
    expect((await readAll(other, ref, range)).equals(content.subarray(range.start, range.end))).toBe(true)
  }

  // While the bucket is away, nothing is forgotten.
  bucket.refuse('DELETE')
  await expect(other.deleteAll(owner)).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' })
  bucket.refuse(undefined)
  await expect(readAll(one, small)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await other.delete(ref)
  await other.delete(ref)
  expect(bucket.objects()).toEqual([])
  await expect(readAll(one, ref)).rejects.toMatchObject({ code: 'NOT_FOUND' })

  // A stream that fails after it began to go to the bucket, and a bucket that takes nothing more.
  async function* failing(): AsyncGenerator<Buffer> {
    yield* inChunks(content, 300_000)
    throw new Error('the sender went away')
  }
  await expect(one.put(owner, failing())).rejects.toThrow('the sender went away')
  bucket.refuse('PUT')
  await expect(one.put(owner, inChunks(content, 300_000))).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' })
  bucket.refuse(undefined)
  expect(bucket.objects()).toEqual([])
  expect(await db.run(db.sql('select name from headway.blobs'))).toEqual([])

  // A node without the bucket says so.
  const last = await one.put(owner, inChunks(content.subarray(0, 2 * MiB), 300_000))
  const without = new PostgresBlobStore(db, { maxBytesInDatabase: MiB })
  await expect(readAll(without, last)).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' })
  await expect(without.deleteAll(owner)).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' })
  await one.deleteAll(owner)
  expect(bucket.objects()).toEqual([])
})
