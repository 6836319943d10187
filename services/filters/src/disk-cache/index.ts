export { BrokenEntryError, DiskCache, MAX_ENTRIES, type Kept, type PutResult } from './disk-cache.js'
export type { Evicted } from './lru-index.js'
