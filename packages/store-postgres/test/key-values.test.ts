import { expect, test } from 'vitest'
import { PostgresKeyValueStore } from '../src/client/key-value-store.js'
import type { Sum } from '../src/client/increments.js'
import { openNodes } from './support/nodes.js'

test('several nodes that count on the same keys lose nothing, and each call gets a sum of its own', async () => {
  const { nodes } = await openNodes(3)
  const stores = nodes.map((node) => new PostgresKeyValueStore(node))
  const sums = new Map<string, number[]>()
  async function count(store: PostgresKeyValueStore, key: string, by: number): Promise<void> {
    const { value } = await store.increment(key, by, key === 'kept' ? {} : { ttlMs: 600_000 })
    sums.set(key, [...(sums.get(key) ?? []), value])
  }
  // Two orders, as nodes that lock rows in different ones would wait for one another.
  const keys = ['kept', 'a', 'b', 'c']
  await Promise.all(
    stores.flatMap((store, node) =>
      Array.from({ length: 40 }, async (_, index) => {
        for (const key of node % 2 === 0 ? keys : keys.toReversed()) await count(store, key, 1)
        if (index < 4) await count(store, 'fractions', 0.25)
      }),
    ),
  )
  for (const key of keys) expect(sums.get(key)?.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
  expect(new Set(sums.get('fractions')).size).toBe(12)
  for (const store of stores) expect((await store.get('fractions'))?.value).toBe(3)
})

test('of several nodes that change a value from one version, one does', async () => {
  const { nodes, advance } = await openNodes(3)
  const stores = nodes.map((node) => new PostgresKeyValueStore(node))
  const versions: number[] = []
  let version = 0
  for (let round = 0; round < 10; round++) {
    const set = await Promise.all(
      stores.flatMap((store) => [1, 2, 3].map((n) => store.set('key', n, { ifVersion: version, ttlMs: 60_000 }))),
    )
    const [won, ...more] = set.filter((result) => result !== undefined)
    expect(more).toEqual([])
    versions.push((version = won ?? NaN))
    // What has expired is as if it were not there, also for those who change it at the same time.
    if (round % 2 === 1) {
      await advance(60_001)
      version = 0
    }
  }
  expect(versions).toEqual(versions.toSorted((a, b) => a - b))
  // Those who set without asking end with the version of whoever was last.
  const set = await Promise.all(stores.flatMap((store) => Array.from({ length: 20 }, () => store.set('key', 1))))
  expect((await stores[0]?.get('key'))?.version).toBe(Math.max(...set.map((result) => result ?? 0)))
})

test('when the time of a count is over, all nodes begin with one new count', async () => {
  const { nodes, advance } = await openNodes(2)
  const stores = nodes.map((node) => new PostgresKeyValueStore(node))
  const countOnAll = (): Promise<Sum[]> =>
    Promise.all(stores.flatMap((store) => Array.from({ length: 10 }, () => store.increment('limit', 1, { ttlMs: 1000 }))))
  const first = await countOnAll()
  await advance(600_000)
  const second = await countOnAll()
  for (const sums of [first, second]) {
    expect(sums.map(({ value }) => value).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    expect(new Set(sums.map(({ expiresAt }) => expiresAt)).size).toBe(1)
  }
  expect(second[0]?.expiresAt).toBeGreaterThan(first[0]?.expiresAt ?? Infinity)
})

test('several nodes remove what has expired, each entry once, and nothing else', async () => {
  const { nodes, advance } = await openNodes(2)
  const stores = nodes.map((node) => new PostgresKeyValueStore(node))
  const [store] = stores
  await Promise.all(Array.from({ length: 30 }, (_, index) => store?.set(`short-${index}`, index, { ttlMs: 1000 })))
  await Promise.all([store?.set('kept', 1), store?.set('longer', 1, { ttlMs: 3_600_000 })])
  await advance(600_000)
  expect(await store?.removeExpired(10)).toBe(10)
  const removed = await Promise.all(stores.map((each) => each.removeExpired(100)))
  expect(removed.reduce((sum, count) => sum + count, 0)).toBe(20)
  expect(await store?.keys('', 100)).toEqual(['kept', 'longer'])
})

test('a key that no database could hold is refused, and is not there', async () => {
  const { nodes } = await openNodes(1)
  const [store] = nodes.map((node) => new PostgresKeyValueStore(node))
  for (const key of ['a\0b', 'a\ud800', '']) {
    await expect(store?.set(key, 1)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    await expect(store?.increment(key, 1)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    expect([await store?.get(key), await store?.delete(key)]).toEqual([undefined, false])
  }
})
