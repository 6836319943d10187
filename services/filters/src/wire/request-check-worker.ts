import { parentPort, workerData } from 'node:worker_threads'
import { errorsOf } from './request-check.js'

/** What the thread checks. */
export interface CheckTask {
  readonly configuration: unknown
  /** Names of sources that are not loaded. */
  readonly preFetched: readonly string[]
  readonly localFiles: boolean
}

parentPort?.postMessage(errorsOf(workerData as CheckTask))
