export { createClient } from './create-client.js'
export type { HeadwayClient } from './create-client.js'
export { HeadwayClientError, JobFailedError } from './errors.js'
export type * from './types.js'
