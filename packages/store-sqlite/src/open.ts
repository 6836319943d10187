import { StoreError } from '@headway/core'
import type { Stores } from '@headway/core'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FileBlobStore } from './blobs/blob-store.js'
import { SqliteJobStore } from './client/job-store.js'
import { SqliteKeyValueStore } from './client/key-value-store.js'
import { Reader } from './client/reader.js'
import { SqliteTransfer } from './client/transfer.js'
import { startThread } from './client/thread.js'
import type { Thread } from './client/thread.js'
import { Writer } from './client/writer.js'
import type { FromReader, FromWriter, ToReader, ToWriter } from './messages.js'
import { BLOBS_FOLDER, DEFAULT_MAX_COMMIT_BYTES, DEFAULT_MAX_WAITING_BYTES, DEFAULT_MAX_WAITING_OPERATIONS } from './options.js'
import type { SqliteOptions, ThreadData } from './options.js'

/**
 * Opens the stores in a data folder, which is made when it is not there. The folder is this process's alone until `close`, or its end.
 * Leases of earlier processes are over: the next sweep recovers their jobs.
 *
 * @throws StoreError `locked` when another server uses the folder; `unavailable` when a later, incompatible version made the database
 */
export async function openSqliteStores(options: SqliteOptions): Promise<Stores> {
  const blobsFolder = join(options.folder, BLOBS_FOLDER)
  await mkdir(blobsFolder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new StoreError('unavailable', `The data folder ${options.folder} can't be made: ${String(error)}`, { cause: error })
  })
  const [writerThread, readerThread] = await startThreads({
    folder: options.folder,
    maxBytes: options.maxBytes,
    timeOffset: options.timeOffset,
  })
  const writer = new Writer(writerThread, {
    maxWaitingOperations: options.maxWaitingOperations ?? DEFAULT_MAX_WAITING_OPERATIONS,
    maxWaitingBytes: options.maxWaitingBytes ?? DEFAULT_MAX_WAITING_BYTES,
    maxCommitBytes: options.maxCommitBytes ?? DEFAULT_MAX_COMMIT_BYTES,
  })
  const reader = new Reader(readerThread)
  const blobs = new FileBlobStore(blobsFolder)
  let closing: Promise<void> | undefined
  const stores: Stores = {
    kind: 'sqlite',
    jobs: new SqliteJobStore(writer, reader),
    keyValues: new SqliteKeyValueStore(writer, reader),
    blobs,
    transfer: new SqliteTransfer(writer, reader, blobs),
    async check() {
      await Promise.all([writer.write('check', 0, () => null), reader.read('check', null)])
      return {}
    },
    close() {
      blobs.close()
      // The writer closes its connection as the last one: that one tidies up the files.
      return (closing ??= writer.close(reader.close()))
    },
  }
  try {
    await reader.read('check', null)
  } catch (error) {
    await stores.close()
    throw error
  }
  return stores
}

/** Starts both threads at the same time. When one of them can't, the other is ended. */
async function startThreads(data: ThreadData): Promise<[Thread<ToWriter, FromWriter>, Thread<ToReader, FromReader>]> {
  const starting = [
    startThread<ToWriter, FromWriter>(new URL('./writer/thread.js', import.meta.url), data),
    startThread<ToReader, FromReader>(new URL('./reader/thread.js', import.meta.url), data),
  ] as const
  try {
    return await Promise.all(starting)
  } catch (error) {
    for (const started of await Promise.allSettled(starting)) if (started.status === 'fulfilled') await started.value.end('close')
    throw error
  }
}
