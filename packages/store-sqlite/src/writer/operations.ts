import type { WriteAnswer, WriteKind, WriteOperation, WriteOperations } from '../messages.js'
import type { Database } from '@headway/sqlite'
import { prepareAppend } from './append.js'
import { prepareClaim } from './claim.js'
import { prepareCreate } from './create.js'
import { prepareImport } from './import.js'
import { prepareKeyValues } from './key-values.js'
import { preparePrune } from './prune.js'
import { prepareRecover } from './recover.js'
import { prepareRenew } from './renew.js'
import { prepareRequest } from './request.js'
import type { Tools } from './tools.js'

type Operations = { readonly [Kind in WriteKind]: (args: WriteOperations[Kind][0], now: number) => WriteOperations[Kind][1] }

/** Everything that the writer can do, with its statements prepared. The answer runs one operation, inside a transaction. */
export function prepareOperations(tools: Tools): (operation: WriteOperation, now: number) => WriteAnswer {
  const keyValues = prepareKeyValues(tools)
  const recover = prepareRecover(tools)
  const imports = prepareImport(tools)
  const prune = preparePrune(tools)
  const operations: Operations = {
    create: prepareCreate(tools),
    claim: prepareClaim(tools),
    renew: prepareRenew(tools),
    append: prepareAppend(tools),
    request: prepareRequest(tools),
    sweep(args, now) {
      keyValues.removeExpired(now)
      const recovery = recover(args, now)
      const retention = prune(args, now)
      return { ...recovery, pruned: retention.pruned, more: recovery.more || retention.more }
    },
    kvSet: keyValues.set,
    kvIncrement: keyValues.increment,
    kvDelete: keyValues.remove,
    importClear: imports.clear,
    importJobs: imports.jobs,
    importEvents: imports.events,
    importKeyValues: imports.keyValues,
    importPastFigures: imports.pastFigures,
    importFinish: imports.finish,
    check: prepareCheck(tools.db),
  }
  return (operation, now) => (operations[operation.kind] as (args: WriteOperation['args'], at: number) => WriteAnswer)(operation.args, now)
}

/** Writes more than a page and takes it away again, so that a full disk shows. In characters. */
const CHECK_SIZE = 16 * 1024

function prepareCheck(db: Database): () => null {
  // No job has the row id 0.
  const put = db.prepare('insert or replace into details (id, input) values (0, ?)')
  const remove = db.prepare('delete from details where id = 0')
  const text = 'x'.repeat(CHECK_SIZE)
  return () => {
    put.run(text)
    remove.run()
    return null
  }
}
