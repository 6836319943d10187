import type { Database } from '@headway/sqlite'
import { isDiskFailure, wireErrorOf } from '../errors.js'
import type { Outcome, WriteAnswer, WriteOperation } from '../messages.js'
import type { Tools } from './tools.js'

/**
 * Runs operations as one transaction. When one of them fails, none of them has happened, and each is tried in a transaction
 * of its own: what is wrong with one operation is no concern of its neighbours. A failure of the disk itself fails them all.
 */
export function prepareTransaction(
  db: Database,
  { tallies, jobs }: Pick<Tools, 'tallies' | 'jobs'>,
  run: (operation: WriteOperation, now: number) => WriteAnswer,
): (operations: readonly WriteOperation[], now: number) => readonly Outcome<WriteAnswer>[] {
  const begin = db.prepare('begin immediate')
  const commit = db.prepare('commit')

  function commitAll(operations: readonly WriteOperation[], now: number): readonly Outcome<WriteAnswer>[] {
    begin.run()
    try {
      const outcomes = operations.map((operation) => ({ ok: true as const, answer: run(operation, now) }))
      tallies.flush()
      commit.run()
      return outcomes
    } catch (error) {
      tallies.drop()
      jobs.drop()
      // SQLite ends the transaction by itself after some errors.
      if (db.isTransaction) db.exec('rollback')
      throw error
    }
  }

  return function transact(operations, now): readonly Outcome<WriteAnswer>[] {
    try {
      return commitAll(operations, now)
    } catch (error) {
      const failed = { ok: false as const, error: wireErrorOf(error) }
      if (operations.length === 1 || isDiskFailure(error)) return operations.map(() => failed)
      return operations.flatMap((operation) => transact([operation], now))
    }
  }
}
