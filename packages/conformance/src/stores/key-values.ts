import { describe, expect, test } from 'vitest'
import { randomUUID } from 'node:crypto'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'

export function describeKeyValues(open: OpenStore): void {
  describe('keys and values', () => {
    const store = useStore(open)
    const uniqueKey = (): string => `key-${randomUUID()}`

    test('what was set is got, and nothing else', async () => {
      const { keyValues } = store().stores
      const key = uniqueKey()
      expect(await keyValues.get(key)).toBeUndefined()
      for (const value of [{ a: [1, 'ä \u{1f600}\0', null] }, 'text', 0, false, null]) {
        const version = await keyValues.set(key, value)
        expect(await keyValues.get(key)).toEqual({ value, version })
      }
      expect(await keyValues.get(`${key} `)).toBeUndefined()
      expect(await keyValues.get(key.toUpperCase())).toBeUndefined()
    })

    test('versions grow with every change, even over a deletion', async () => {
      const { keyValues } = store().stores
      const key = uniqueKey()
      const versions: (number | undefined)[] = []
      for (let i = 0; i < 3; i++) {
        versions.push(await keyValues.set(key, i))
        if (i === 1) expect(await keyValues.delete(key)).toBe(true)
      }
      await keyValues.increment(key, 1)
      versions.push((await keyValues.get(key))?.version)
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => (a ?? 0) - (b ?? 0)))
    })

    test('a value is set only at the version that was asked for', async () => {
      const { keyValues } = store().stores
      const key = uniqueKey()
      expect(await keyValues.set(key, 'early', { ifVersion: 7 })).toBeUndefined()
      const first = await keyValues.set(key, 'first', { ifVersion: 0 })
      expect(first).toBeGreaterThan(0)
      expect(await keyValues.set(key, 'again', { ifVersion: 0 })).toBeUndefined()
      const second = await keyValues.set(key, 'second', { ifVersion: first ?? 0 })
      expect(await keyValues.set(key, 'late', { ifVersion: first ?? 0 })).toBeUndefined()
      expect(await keyValues.get(key)).toEqual({ value: 'second', version: second })
    })

    test('of many who set at one version, one succeeds', async () => {
      const { keyValues } = store().stores
      const key = uniqueKey()
      const results = await Promise.all(Array.from({ length: 20 }, async (_, i) => keyValues.set(key, i, { ifVersion: 0 })))
      expect(results.filter((version) => version !== undefined)).toHaveLength(1)
    })

    test('a value with a time to live is gone after it', async () => {
      const { stores, advance } = store()
      const { keyValues } = stores
      const key = uniqueKey()
      await keyValues.set(key, 'short', { ttlMs: 5000 })
      await advance(4000)
      expect((await keyValues.get(key))?.value).toBe('short')
      await advance(1001)
      expect(await keyValues.get(key)).toBeUndefined()
      expect(await keyValues.keys(key, 10)).toEqual([])
      expect(await keyValues.delete(key)).toBe(false)
      expect(await keyValues.set(key, 'new', { ifVersion: 0 })).toBeDefined()
      await advance(100_000)
      expect((await keyValues.get(key))?.value).toBe('new')
    })

    test('setting anew ends the old time to live', async () => {
      const { stores, advance } = store()
      const { keyValues } = stores
      const key = uniqueKey()
      await keyValues.set(key, 'short', { ttlMs: 1000 })
      await keyValues.set(key, 'long')
      await advance(2000)
      expect((await keyValues.get(key))?.value).toBe('long')
    })

    test('a number grows by every increment, however many come at once', async () => {
      const { keyValues } = store().stores
      const key = uniqueKey()
      const sums = await Promise.all(Array.from({ length: 50 }, async () => keyValues.increment(key, 2)))
      expect(sums.map(({ value }) => value).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => (i + 1) * 2))
      expect(await keyValues.increment(key, -0.5)).toEqual({ value: 99.5, expiresAt: undefined })
      expect((await keyValues.get(key))?.value).toBe(99.5)
    })

    test('the time to live of a number counts from its first increment', async () => {
      const { stores, advance } = store()
      const { keyValues } = stores
      const key = uniqueKey()
      const first = await keyValues.increment(key, 1, { ttlMs: 10_000 })
      await advance(6000)
      expect(await keyValues.increment(key, 1, { ttlMs: 10_000 })).toEqual({ value: 2, expiresAt: first.expiresAt })
      await advance(4001)
      const next = await keyValues.increment(key, 1, { ttlMs: 10_000 })
      expect(next.value).toBe(1)
      expect(next.expiresAt).toBeGreaterThan(first.expiresAt ?? Infinity)
    })

    test('what is not a number can not grow', async () => {
      const { keyValues } = store().stores
      const key = uniqueKey()
      await keyValues.set(key, 'text')
      await expect(keyValues.increment(key, 1)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
      expect((await keyValues.get(key))?.value).toBe('text')
    })

    test('keys with a prefix, in order, not more than asked for', async () => {
      const { keyValues } = store().stores
      const prefix = `${uniqueKey()}%_`
      const keys = ['', 'B', 'a', 'b', 'ä', '\u{1f600}'].map((end) => prefix + end)
      for (const key of [...keys.toReversed(), prefix.slice(0, -1), prefix.replace('%', 'x'), prefix.toUpperCase()])
        await keyValues.set(key, 1)
      expect(await keyValues.keys(prefix, 10)).toEqual(keys)
      expect(await keyValues.keys(prefix, 2)).toEqual(keys.slice(0, 2))
      expect(await keyValues.keys(uniqueKey(), 10)).toEqual([])
    })

    test('keys and values over their limits are refused', async () => {
      const { keyValues } = store().stores
      const longest = uniqueKey().padEnd(512, 'x')
      await keyValues.set(longest, 'x'.repeat(1024 * 1024 - 2))
      expect((await keyValues.get(longest))?.value).toHaveLength(1024 * 1024 - 2)
      await expect(keyValues.set(`${longest}x`, 1)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
      await expect(keyValues.increment(`${longest}x`, 1)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
      await expect(keyValues.set(longest, 'x'.repeat(1024 * 1024 - 1))).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
      await keyValues.delete(longest)
    })

    test('what was deleted is gone', async () => {
      const { keyValues } = store().stores
      const key = uniqueKey()
      await keyValues.set(key, 1)
      expect(await keyValues.delete(key)).toBe(true)
      expect(await keyValues.delete(key)).toBe(false)
      expect(await keyValues.get(key)).toBeUndefined()
      expect((await keyValues.increment(key, 3)).value).toBe(3)
    })
  })
}
