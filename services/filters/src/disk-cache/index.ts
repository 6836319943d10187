export { BrokenEntryError, DiskCache, type PutResult } from './disk-cache.js'
export type { Evicted } from './lru-index.js'
