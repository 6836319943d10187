import type { Database } from '@headway/sqlite'
import { BLOCKED, READY, SCHEDULED } from '@headway/store-kit/rules'

/**
 * Concurrency keys. A queued job whose key is at its limit is set aside as BLOCKED, so that a claim never walks over thousands
 * of them; whenever a place of the key may have become free, the best job of each type is set back to READY.
 * More than needed may be READY: a claim looks again.
 */
export interface KeyQueue {
  /** How many jobs hold the key. */
  holders(key: string): number
  /** Sets all ready jobs of the key aside that can't run beside `holders` others. */
  block(key: string, holders: number): void
  /** Call when a job that held the key, or was ready for it, does so no more. */
  left(key: string): void
  /** Makes jobs of a type ready whose time has come. */
  due(type: string, now: number): void
}

export function prepareKeyQueue(db: Database): KeyQueue {
  const count = db.prepare<{ n: number }>('select count(*) as n from jobs where holds_key = 1 and key = ?')
  const block = db.prepare(`update jobs set queue = ${BLOCKED} where queue = ${READY} and key is not null and key = ? and key_limit <= ?`)
  const nextType = db.prepare<{ type: string | null }>(
    `select min(type) as type from jobs where queue = ${BLOCKED} and key = ? and type > ?`,
  )
  const unblock = db.prepare(
    `update jobs set queue = ${READY} where id = (
       select id from jobs where queue = ${BLOCKED} and key = ? and type = ? and key_limit > ? order by priority desc, id limit 1)`,
  )
  const due = db.prepare(`update jobs set queue = ${READY} where queue = ${SCHEDULED} and type = ? and run_at <= ?`)
  const holders = (key: string): number => count.get(key)?.n ?? 0
  return {
    holders,
    block: (key, held) => void block.run(key, held),
    left(key) {
      let type = nextType.get(key, '')?.type ?? null
      if (type === null) return
      const held = holders(key)
      for (; type !== null; type = nextType.get(key, type)?.type ?? null) unblock.run(key, type, held)
    },
    due: (type, now) => void due.run(type, now),
  }
}
