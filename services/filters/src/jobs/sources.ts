import type { Downloader } from '../download/index.js'

/** Where a computation gets its sources from. */
export type Sources = Pick<Downloader, 'load' | 'check'>
