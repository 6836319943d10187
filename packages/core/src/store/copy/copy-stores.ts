import { createHash } from 'node:crypto'
import type { Stores } from '../stores.js'
import type { StoreTransfer } from '../transfer.js'
import { compareFigures, compareJobs, compareKeyValues } from './compare.js'
import { copyBlobs } from './copy-blobs.js'
import { CopyError } from './copy-error.js'
import { copyJobs } from './copy-jobs.js'
import type { CopyOptions, CopyProgress, CopyReport } from './report.js'
import { assertNoUnfinishedCopy, UNFINISHED_KEY } from './unfinished.js'

/**
 * Copies all that a store holds into an empty one: jobs of all statuses but running with their whole logs, checkpoints and idempotency
 * keys, figures, key-values, blobs; then reads both and compares them. The source stays as it is. Needs little memory, however much it is.
 *
 * Until everything is there and found to be the same, the target is marked: see `assertNoUnfinishedCopy`. A copy to a target that is
 * marked begins anew. Jobs that wait can be claimed in the target at the very end.
 *
 * @throws CopyError, StoreError of either store, or the reason of `options.signal`
 */
export async function copyStores(from: Stores, to: Stores, options: CopyOptions = {}): Promise<CopyReport> {
  const left = [from, transferOf(from)] as const
  const right = [to, transferOf(to)] as const
  const step = (progress: CopyProgress): void => {
    options.signal?.throwIfAborted()
    options.onProgress?.(progress)
  }
  await assertNoUnfinishedCopy(from)
  const before = await left[1].contents()
  if (before.owned.length > 0) throw jobsOwned(before.owned)
  const began = (await to.keyValues.get(UNFINISHED_KEY)) === undefined ? 'anew' : 'again'
  if (began === 'anew') await assertEmpty(right[1])
  await right[1].clear()
  await to.keyValues.set(UNFINISHED_KEY, true)

  step({ phase: 'jobs', done: 0, total: before.jobs })
  await copyJobs(from, left[1], right[1], (done) => step({ phase: 'jobs', done, total: before.jobs }))
  await right[1].putPastFigures(await left[1].pastFigures())
  await copyKeyValues(left[1], right[1], (done) => step({ phase: 'key-values', done, total: before.keyValues }))
  const { sum, ...blobs } = await copyBlobs(left, right, (done) => step({ phase: 'blobs', done, total: undefined }))

  const hash = createHash('sha256')
  const jobs = await compareJobs(left, right, hash, (done) => step({ phase: 'checking', done, total: before.jobs }))
  const keyValues = await compareKeyValues(left, right, hash)
  const counts = await compareFigures(left, right)
  if ((await left[1].contents()).revision !== before.revision) {
    throw new CopyError(
      'in_use',
      'The source was written to while it was copied: a server uses it. Stop all of its servers, and copy again.',
    )
  }
  const checksum = hash.update(sum).digest('hex')
  options.signal?.throwIfAborted()
  await right[1].finish()
  await to.keyValues.delete(UNFINISHED_KEY)
  return { ...jobs, counts, keyValues, blobs: blobs.blobs, blobBytes: blobs.bytes, checksum, began }
}

async function copyKeyValues(source: StoreTransfer, target: StoreTransfer, copied: (entries: number) => void): Promise<void> {
  let done = 0
  for await (const records of source.keyValues()) {
    await target.putKeyValues(records)
    done += records.length
    copied(done)
  }
}

function transferOf({ kind, transfer }: Stores): StoreTransfer {
  if (transfer === undefined) throw new CopyError('unsupported', `A store of the kind ${kind} can't be copied.`)
  return transfer
}

async function assertEmpty(target: StoreTransfer): Promise<void> {
  const { jobs, keyValues } = await target.contents()
  let blobs = 0
  for await (const found of target.blobs()) {
    blobs = found.length
    if (blobs > 0) break
  }
  if (jobs + keyValues + blobs === 0) return
  const parts = [
    `${jobs} ${jobs === 1 ? 'job' : 'jobs'}`,
    `${keyValues} key-value ${keyValues === 1 ? 'entry' : 'entries'}`,
    ...(blobs > 0 ? ['blobs'] : []),
  ]
  throw new CopyError('not_empty', `The target is not empty: it has ${parts.join(', ')}. Nothing was changed.`)
}

/** How many jobs a message names. */
const NAMED = 3

function jobsOwned(owned: readonly string[]): CopyError {
  const named = owned.slice(0, NAMED).join(', ')
  return new CopyError(
    'in_use',
    `Jobs of the source are running or belong to a server (${named}${owned.length > NAMED ? ', ...' : ''}). Stop all servers with SIGTERM and wait for their ` +
      'end: what can go on later returns to the queue. If a server was killed, start one again first, so that it takes care of what was left.',
  )
}
