export { openSqliteStores } from './open.js'
export type { SqliteOptions } from './options.js'
