import type { BucketOptions, PostgresOptions } from '@headway/store-postgres'
import { isPostgresUrl } from './store-url.js'
import type { Settings } from './table.js'

/** How the database of these settings is opened; undefined: it is not PostgreSQL. */
export function postgresOptionsOf(settings: Settings): PostgresOptions | undefined {
  const { store, storeListen, blobBucket } = settings
  if (!isPostgresUrl(store)) return undefined
  return {
    url: store,
    schema: settings.storeSchema,
    maxConnections: settings.storeConnections,
    migrate: settings.storeMigrate === 'auto',
    maxBlobBytesInDatabase: settings.blobDatabaseMax,
    ...(storeListen !== undefined && { listenUrl: storeListen }),
    ...(blobBucket !== undefined && { bucket: bucketOf(blobBucket) }),
  }
}

function bucketOf(text: string): BucketOptions {
  const { hostname, pathname, searchParams } = new URL(text)
  const [region, endpoint] = [searchParams.get('region'), searchParams.get('endpoint')]
  const prefix = decodeURIComponent(pathname).replace(/^\//, '')
  return {
    bucket: hostname,
    ...(prefix !== '' && { prefix: prefix.endsWith('/') ? prefix : `${prefix}/` }),
    ...(region !== null && { region }),
    // Stores other than Amazon's have no host name for each bucket.
    ...(endpoint !== null && { endpoint, forcePathStyle: true }),
  }
}
