import type { BlobStore, Engine, JobStore } from '@headway/core'
import { JobChanges } from './job-changes.js'
import { LiveGroups } from './live-groups.js'
import { DELIVERY_DEFAULTS } from './settings.js'
import type { DeliverySettings } from './settings.js'
import { SharedJobs } from './shared-jobs.js'
import { Watchers } from './watchers.js'

/** What delivery needs of an engine. */
export type DeliveryEngine = Pick<Engine, 'follow' | 'read' | 'get' | 'request'> & {
  readonly stores: { readonly blobs: Pick<BlobStore, 'read'>; readonly jobs: Pick<JobStore, 'wake'> }
}

/** What all transports of one server share. */
export interface Delivery {
  readonly engine: DeliveryEngine
  readonly watchers: Watchers
  readonly jobs: SharedJobs
  readonly live: LiveGroups
  readonly changes: JobChanges
  readonly settings: DeliverySettings
  /** Told when a stream had to be ended because of a failure; the client was told to come back. */
  readonly onError: (error: unknown, doing: string) => void
}

/**
 * Makes what the transports of a server share: one for each engine.
 *
 * @param options settings that differ from `DELIVERY_DEFAULTS`, and who is told of failures
 */
export function createDelivery(
  engine: DeliveryEngine,
  options: Partial<DeliverySettings> & { readonly onError?: Delivery['onError'] } = {},
): Delivery {
  const { onError = () => {}, ...given } = options
  const settings = { ...DELIVERY_DEFAULTS, ...given }
  return {
    engine,
    settings,
    onError,
    watchers: new Watchers(settings),
    jobs: new SharedJobs(),
    live: new LiveGroups(engine),
    changes: new JobChanges(engine.stores.jobs),
  }
}
