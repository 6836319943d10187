export { lockDataFolder } from './lock-data-folder.js'
export { openSqliteStores } from './open.js'
export type { SqliteOptions } from './options.js'
