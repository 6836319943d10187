export { isDatabaseAway } from './errors.js'
export { migratePostgres, openPostgresStores } from './open.js'
export type { BucketOptions, PostgresOptions } from './options.js'
