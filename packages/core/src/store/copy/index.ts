export { CopyError } from './copy-error.js'
export { copyStores } from './copy-stores.js'
export type { CopyOptions, CopyProgress, CopyReport } from './report.js'
export { assertNoUnfinishedCopy } from './unfinished.js'
