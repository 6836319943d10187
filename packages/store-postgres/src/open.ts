import { StoreError } from '@headway/core'
import type { Stores } from '@headway/core'
import { Wakes } from '@headway/store-kit'
import { randomBytes } from 'node:crypto'
import { PostgresBlobStore } from './blobs/blob-store.js'
import type { GroupLimits } from './client/group-commit.js'
import { PostgresJobStore } from './client/job-store.js'
import { PostgresKeyValueStore } from './client/key-value-store.js'
import { checkWriting } from './database/check.js'
import { Database } from './database/database.js'
import { Listener } from './news/listener.js'
import { Notifier } from './news/notifier.js'
import {
  DEFAULT_AWAY_MS,
  DEFAULT_MAX_BLOB_BYTES_IN_DATABASE,
  DEFAULT_MAX_CONNECTIONS,
  DEFAULT_SCHEMA,
  DEFAULT_TIMEOUT_MS,
} from './options.js'
import type { PostgresOptions } from './options.js'
import { checkSchema, migrate } from './schema/migrate.js'
import type { Migrated } from './schema/migrate.js'
import { makePartitions } from './schema/partitions.js'
import { PostgresTransfer } from './transfer/transfer.js'

const GROUPS: GroupLimits = {
  maxUnderWay: 2,
  maxWaitingOperations: 10_000,
  maxWaitingBytes: 32 * 1024 * 1024,
  maxGroupOperations: 1_000,
  maxGroupBytes: 4 * 1024 * 1024,
}

/** How many expired key-value entries one sweep removes. */
const EXPIRED_PER_SWEEP = 1_000

/** Bytes of a node's name in notifications. */
const NODE_BYTES = 9

/**
 * Opens the stores in a PostgreSQL database (14 or later), whose schema is made and brought up to date. Any number of nodes can use it at the
 * same time. While the database is away, calls wait for up to `timeoutMs` and then fail; nothing needs to be opened again.
 *
 * @throws StoreError `unavailable` when the database can't be reached, is too old, or a later, incompatible version made its schema
 */
export async function openPostgresStores(options: PostgresOptions): Promise<Stores> {
  const db = databaseOf(options)
  try {
    await prepareSchema(db, options.migrate ?? true)
  } catch (error) {
    await db.close()
    throw error
  }
  const node = randomBytes(NODE_BYTES).toString('base64url')
  const wakes = new Wakes()
  const notifier = new Notifier(db, node)
  const listener = new Listener({
    url: options.listenUrl ?? options.url,
    schema: db.schema,
    node,
    wakes,
    notify: (channel, message) => db.run(db.sql('select pg_notify($1, $2)'), [channel, message]),
    onNotice: options.onNotice ?? (() => undefined),
  })
  const keyValues = new PostgresKeyValueStore(db)
  const jobs = new PostgresJobStore({
    db,
    wakes,
    notifier,
    groups: GROUPS,
    removeExpired: () => keyValues.removeExpired(EXPIRED_PER_SWEEP),
  })
  const blobs = new PostgresBlobStore(db, {
    maxBytesInDatabase: options.maxBlobBytesInDatabase ?? DEFAULT_MAX_BLOB_BYTES_IN_DATABASE,
    ...(options.bucket !== undefined && { bucket: options.bucket }),
  })
  let closing: Promise<void> | undefined
  async function close(): Promise<void> {
    await jobs.close()
    await notifier.settled()
    await listener.close()
    await blobs.close()
    await db.close()
  }
  return {
    kind: 'postgres',
    jobs,
    keyValues,
    blobs,
    transfer: new PostgresTransfer(db, blobs),
    check: async () => ({ notifications: listener.state, durability: await checkWriting(db) }),
    close: () => (closing ??= close()),
  }
}

/** Makes the schema of a database, or brings it up to date, ahead of the nodes that need it. @throws StoreError */
export async function migratePostgres(options: PostgresOptions): Promise<Migrated> {
  const db = databaseOf(options)
  try {
    return await prepareSchema(db, true)
  } finally {
    await db.close()
  }
}

function databaseOf({ url, schema = DEFAULT_SCHEMA, maxConnections, timeoutMs, awayMs, onNotice }: PostgresOptions): Database {
  return new Database({
    url,
    schema,
    maxConnections: maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
    awayMs: awayMs ?? DEFAULT_AWAY_MS,
    onNotice: onNotice ?? (() => undefined),
  })
}

const OLDEST_SERVER = 14

async function prepareSchema(db: Database, mayMigrate: boolean): Promise<Migrated> {
  const [server] = await db.run<{ version: number }>(db.sql(`select current_setting('server_version_num')::integer / 10000 as version`))
  if (server !== undefined && server.version < OLDEST_SERVER) {
    throw new StoreError('unavailable', `The database is PostgreSQL ${server.version}; Headway needs ${OLDEST_SERVER} or later.`)
  }
  const migrated = mayMigrate ? await migrate(db) : await checkSchema(db)
  await makePartitions(db)
  return migrated
}
