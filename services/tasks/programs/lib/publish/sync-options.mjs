import { availableParallelism } from 'node:os'
import { readCount, readDuration, readName } from '../command-line.mjs'
import { PLACE_OPTIONS, ROOT_OPTION } from '../places.mjs'

/** More at a time makes no target faster. */
const MAX_PARALLEL = 64

/** Requests to a bucket at a time; a folder is written by as many threads as there are processors. */
const S3_PARALLEL = 16

/** Options of every program that syncs. */
export const SYNC_OPTIONS = {
  ...ROOT_OPTION,
  version: { value: 'NAME', help: 'The version, such as v885' },
  ...PLACE_OPTIONS,
  parallel: {
    value: 'NUMBER',
    default: '0',
    help: `Files to copy at a time; 0: one for each processor in a folder, ${S3_PARALLEL} in a bucket`,
  },
  'keep-stray': { help: 'Keep files on the target that the manifest does not list' },
  'no-flush': { help: "Don't wait until the disk has everything before the version becomes current" },
  'wait-lock': { value: 'DURATION', default: '0s', help: 'How long to wait when another program has the target, such as 10m' },
  'dry-run': { help: 'Say what would be done, and change nothing' },
}

/** The last lines of the help of every program that syncs. */
export const SYNC_NOTES = `Files are compared by their hashes; what is there already is not copied again, so a sync that was broken off goes on where it stopped.
<target>/<platform>/current.json names the version that is current. It changes last, when everything is there and was read back.

A bucket is reached as the AWS SDK does it: AWS_REGION, AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and its other variables.

Stopped by a signal, or when nobody reads its output any more, it gives back the lock and ends with 130, 143 or 141.`

/** What the options of `SYNC_OPTIONS` say. */
export function readSyncOptions(options) {
  return {
    root: options.root,
    version: readName('version', options.version),
    parallel: readCount('parallel', options.parallel, MAX_PARALLEL),
    keepStray: options['keep-stray'] === true,
    flush: options['no-flush'] !== true,
    waitMs: readDuration('wait-lock', options['wait-lock']),
    dryRun: options['dry-run'] === true,
  }
}

/** How many files a storage takes at a time. */
export function threadsOf({ parallel }, storage) {
  if (parallel > 0) return parallel
  return storage.isFolder ? availableParallelism() : S3_PARALLEL
}
