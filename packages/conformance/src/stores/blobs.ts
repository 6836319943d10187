import type { BlobRef, BlobStore } from '@headway/core'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'

/** A store that nodes share lets a job's blobs be for so long before it tells of them. In milliseconds. */
const REST_MS = 3_600_000

export function describeBlobs(open: OpenStore): void {
  describe('blobs', () => {
    const store = useStore(open)

    async function* pieces(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
      for (const part of parts) yield await Promise.resolve(part)
    }
    async function bytesOf(blobs: BlobStore, ref: BlobRef, range?: { readonly start?: number; readonly end?: number }): Promise<Buffer> {
      const parts: Uint8Array[] = []
      for await (const part of blobs.read(ref, range)) parts.push(part)
      return Buffer.concat(parts)
    }
    async function ownersOf(blobs: BlobStore): Promise<readonly string[]> {
      const owners: string[] = []
      for await (const owner of blobs.owners()) owners.push(owner)
      return owners
    }

    test('what was put is read, with its size and hash', async () => {
      const { blobs } = store().stores
      const content = randomBytes(300_000)
      const ref = await blobs.put(randomUUID(), pieces(content.subarray(0, 1), content.subarray(1, 200_000), content.subarray(200_000)))
      expect(ref).toMatchObject({ size: 300_000, sha256: createHash('sha256').update(content).digest('hex') })
      expect(JSON.parse(JSON.stringify(ref))).toEqual(ref)
      expect((await bytesOf(blobs, ref)).equals(content)).toBe(true)
      expect(await bytesOf(blobs, await blobs.put(randomUUID(), pieces()))).toHaveLength(0)
    })

    test('ranges', async () => {
      const { blobs } = store().stores
      const content = randomBytes(200_000)
      const ref = await blobs.put(randomUUID(), pieces(content))
      for (const range of [{ start: 0, end: 10 }, { start: 65_530, end: 131_080 }, { start: 199_999 }, { end: 5 }, { start: 5, end: 5 }]) {
        expect((await bytesOf(blobs, ref, range)).equals(content.subarray(range.start ?? 0, range.end))).toBe(true)
      }
      expect(await bytesOf(blobs, ref, { start: 199_990, end: 300_000 })).toHaveLength(10)
      expect(await bytesOf(blobs, ref, { start: 200_000 })).toHaveLength(0)
    })

    test('a stream that fails leaves nothing behind', async () => {
      const { blobs } = store().stores
      const owner = randomUUID()
      const kept = await blobs.put(owner, pieces(Buffer.from('kept')))
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(Buffer.from('half'))
        throw new Error('the sender went away')
      }
      await expect(blobs.put(owner, failing())).rejects.toThrow('the sender went away')
      expect((await bytesOf(blobs, kept)).toString()).toBe('kept')
    })

    test('a value over its limit is refused while it is read', async () => {
      const { blobs } = store().stores
      let given = 0
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (;;) {
          given += 1000
          yield await Promise.resolve(Buffer.alloc(1000))
        }
      }
      await expect(blobs.put(randomUUID(), endless(), { maxBytes: 5000 })).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
      expect(given).toBeLessThan(100_000)
      expect((await blobs.put(randomUUID(), pieces(Buffer.alloc(5000)), { maxBytes: 5000 })).size).toBe(5000)
    })

    test('what was deleted is gone, the others are not', async () => {
      const { blobs } = store().stores
      const owner = randomUUID()
      const [a, b] = [await blobs.put(owner, pieces(Buffer.from('a'))), await blobs.put(owner, pieces(Buffer.from('b')))]
      await blobs.delete(a)
      await blobs.delete(a)
      await expect(bytesOf(blobs, a)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect((await bytesOf(blobs, b)).toString()).toBe('b')
    })

    test('all blobs of a job go together, and owners are told', async () => {
      const { stores, advance } = store()
      const { blobs } = stores
      const [gone, stays] = [randomUUID(), randomUUID()]
      const refs = [await blobs.put(gone, pieces(Buffer.from('a'))), await blobs.put(gone, pieces(Buffer.from('b')))]
      await blobs.put(stays, pieces(Buffer.from('c')))
      await advance(REST_MS + 1000)
      expect(await ownersOf(blobs)).toEqual(expect.arrayContaining([gone, stays]))
      await blobs.deleteAll(gone)
      await blobs.deleteAll(gone)
      for (const ref of refs) await expect(bytesOf(blobs, ref)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect(await ownersOf(blobs)).not.toContain(gone)
      expect(await ownersOf(blobs)).toContain(stays)
    })

    test('only what was put can be read', async () => {
      const { blobs } = store().stores
      for (const blob of ['', '/', '../../etc/passwd', `${randomUUID()}/..`, `${randomUUID()}/${randomUUID()}`, '/etc/passwd']) {
        await expect(bytesOf(blobs, { blob, size: 10, sha256: '' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      }
    })
  })
}
