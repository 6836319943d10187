import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '@headway/sqlite'
import type { Database } from '@headway/sqlite'
import { wireErrorOf } from '../errors.js'
import type { FromReader, Opened, Outcome, ReadAnswerOf, ReadOperation, ToReader } from '../messages.js'
import { DATABASE_FILE } from '../options.js'
import type { ThreadData } from '../options.js'
import { prepareReads } from './operations.js'

// The thread that reads, beside the one that writes: neither waits for the other.

const port = parentPort
if (port === null) throw new Error('This module is the reader thread of the store.')
const data = workerData as ThreadData
const now = (): number => Date.now() + (data.timeOffset?.[0] ?? 0)

/** Kept in memory of the database, in KiB. */
const CACHE_KIB = 8 * 1024

let db: Database | undefined
let read: ((operation: ReadOperation, now: number) => ReadAnswerOf) | undefined

/** The database is opened when something is read: both threads start at the same time, and the writer must have made it. */
function open(): NonNullable<typeof read> {
  db ??= openDatabase(join(data.folder, DATABASE_FILE), { readOnly: true })
  db.exec(`pragma cache_size = -${CACHE_KIB}`)
  return prepareReads(db)
}

function outcomeOf(operation: ReadOperation): Outcome<ReadAnswerOf> {
  try {
    read ??= open()
    return { ok: true, answer: read(operation, now()) }
  } catch (error) {
    return { ok: false, error: wireErrorOf(error) }
  }
}

port.on('message', (message: ToReader) => {
  if (message === 'close') {
    db?.close()
    port.close()
    return
  }
  port.postMessage(message.map(([number, operation]) => [number, outcomeOf(operation)] as const) satisfies FromReader)
})
port.postMessage({ opened: true } satisfies Opened)
