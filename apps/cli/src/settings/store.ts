import { z } from 'zod'
import { number, oneOf } from './parse.js'
import { optional, setting } from './setting.js'
import { bucketUrl, postgresUrl, storeUrl, withoutPassword } from './store-url.js'

const MIB = 2 ** 20
const GIB = 2 ** 30
const SCHEMA = 'a name of small letters, digits and _, 63 at most'

/** Settings of the database. */
export const STORE_SETTINGS = {
  store: setting({
    env: 'HEADWAY_STORE',
    flag: '--store <url>',
    schema: storeUrl(),
    default: 'sqlite:',
    description: 'The database: sqlite: is a file in the data folder, postgres://user:password@host/database one that many nodes share',
    shown: withoutPassword,
  }),
  storeConnections: setting({
    env: 'HEADWAY_STORE_CONNECTIONS',
    flag: '--store-connections <number>',
    schema: number({ min: 2, max: 1000 }),
    default: 10,
    description: 'Connections to PostgreSQL that this node has at most, beside the one that listens',
  }),
  storeListen: optional({
    env: 'HEADWAY_STORE_LISTEN',
    flag: '--store-listen <url>',
    schema: postgresUrl(),
    description: 'A way to PostgreSQL that is not through PgBouncer, for notifications; by default that of the store',
    shown: withoutPassword,
  }),
  storeSchema: setting({
    env: 'HEADWAY_STORE_SCHEMA',
    flag: '--store-schema <name>',
    schema: z.string(SCHEMA).regex(/^[a-z_][a-z0-9_]{0,62}$/, SCHEMA),
    default: 'headway',
    description: 'The schema of PostgreSQL that holds the tables; nodes with the same one are one system',
  }),
  storeMigrate: setting({
    env: 'HEADWAY_STORE_MIGRATE',
    flag: '--store-migrate <when>',
    schema: oneOf(['auto', 'never']),
    default: 'auto',
    description: 'Whether a node that starts brings the schema of PostgreSQL up to date, or leaves that to "headway migrate"',
  }),
  blobDatabaseMax: setting({
    env: 'HEADWAY_BLOB_DATABASE_MAX',
    flag: '--blob-database-max <number>',
    schema: number({ min: 0, max: GIB }),
    default: 8 * MIB,
    unit: 'bytes',
    description: 'Uploads and results up to this size are kept in PostgreSQL, larger ones in the bucket, where there is one',
  }),
  blobBucket: optional({
    env: 'HEADWAY_BLOB_BUCKET',
    flag: '--blob-bucket <url>',
    schema: bucketUrl(),
    description: 'Where larger uploads and results go: s3://bucket/prefix?region=...&endpoint=...; by default all are in PostgreSQL',
    shown: withoutPassword,
  }),
} as const
