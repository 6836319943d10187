import type { WriteOperations } from '../messages.js'
import type { Tools } from './tools.js'

type Do<Kind extends keyof WriteOperations> = (args: WriteOperations[Kind][0], now: number) => WriteOperations[Kind][1]

interface Entry {
  readonly value: string
  readonly version: number
  readonly expires: number | null
}

/** How many expired entries one sweep removes. */
const EXPIRED_PER_SWEEP = 1_000

export function prepareKeyValues({ db }: Tools): {
  set: Do<'kvSet'>
  increment: Do<'kvIncrement'>
  remove: Do<'kvDelete'>
  removeExpired(now: number): void
} {
  const find = db.prepare<Entry>('select value, version, expires from key_values where key = ? and (expires is null or expires > ?)')
  const put = db.prepare('insert or replace into key_values (key, value, version, expires) values (?, ?, ?, ?)')
  const remove = db.prepare('delete from key_values where key = ?')
  const expired = db.prepare<{ key: string }>('select key from key_values where expires is not null and expires <= ? limit ?')
  // One count for all keys: the version of a key grows even when it was deleted in between.
  const nextVersion = db.prepare<{ value: number }>(
    `update counters set value = value + 1 where name = 'key_value_version' returning value`,
  )
  const version = (): number => nextVersion.get()?.value ?? 0
  return {
    set({ key, value, ttlMs, ifVersion }, now) {
      if (ifVersion !== null && (find.get(key, now)?.version ?? 0) !== ifVersion) return null
      const next = version()
      put.run(key, value, next, ttlMs === null ? null : now + ttlMs)
      return next
    },
    increment({ key, by, ttlMs }, now) {
      const entry = find.get(key, now)
      const before: unknown = entry === undefined ? 0 : JSON.parse(entry.value)
      if (typeof before !== 'number') return null
      const expiresAt = entry === undefined ? (ttlMs === null ? null : now + ttlMs) : entry.expires
      put.run(key, JSON.stringify(before + by), version(), expiresAt)
      return { value: before + by, expiresAt }
    },
    remove(key, now) {
      const there = find.get(key, now) !== undefined
      remove.run(key)
      return there
    },
    removeExpired(now) {
      for (const { key } of expired.all(now, EXPIRED_PER_SWEEP)) remove.run(key)
    },
  }
}
