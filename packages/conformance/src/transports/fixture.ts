import type { Engine } from '@headway/core'
import type { DrivenJob } from './driver.js'

/** A server with its engine, as one test gets it. */
export interface TransportFixture {
  readonly engine: Engine
  /** Where the native API is, without a slash at the end. */
  readonly baseUrl: string
  /** Reads every job: sent as a Bearer token, and as the subprotocol of a socket. */
  readonly token: string | undefined
  /** Starts a job that does what the test says, see `createDriver`. */
  drive(): Promise<DrivenJob>
  close(): Promise<void>
}
