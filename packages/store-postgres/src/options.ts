/** Where blobs go that are too large for the database: a bucket of S3 or of a store that speaks its protocol. */
export interface BucketOptions {
  readonly bucket: string
  /** Put before every object's name, `headway/` for example. */
  readonly prefix?: string
  readonly region?: string
  /** For stores other than Amazon's: `https://minio.example:9000`. */
  readonly endpoint?: string
  /** The bucket as part of the path, not of the host name, as most stores other than Amazon's need it. */
  readonly forcePathStyle?: boolean
}

/** What `openPostgresStores` needs. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with the parameters that `pg` knows. `sslmode=require` checks the certificate, as `verify-full` does; see connection-url.ts. Through PgBouncer it may be in transaction mode. */
  readonly url: string
  /** The PostgreSQL schema that holds the tables. It is made when it is not there. `headway` by default. */
  readonly schema?: string
  /** How many connections this node has at most, beside the one that listens. 10 by default. */
  readonly maxConnections?: number
  /** A way to the database that is not through PgBouncer, for LISTEN; by default `url`. Where notifications don't come, news is found by polling. */
  readonly listenUrl?: string
  /** Whether the schema is made and brought up to date here. True by default; false where the user may not change it and `headway migrate` is run ahead. */
  readonly migrate?: boolean
  /** How long a call waits for the database before it fails, in milliseconds: for a connection, and for its answer. 10,000 by default. */
  readonly timeoutMs?: number
  /** How long calls wait for a database that is away, before they fail, and then all fail at once until it is back. In milliseconds; 3,000 by default. */
  readonly awayMs?: number
  /** How large a blob may be to stay in the database where there is a bucket, in bytes. 8 MiB by default. */
  readonly maxBlobBytesInDatabase?: number
  readonly bucket?: BucketOptions
  /** Told of what an operator should know: notifications that don't come, a lost connection. */
  readonly onNotice?: (message: string) => void
}

export const DEFAULT_SCHEMA = 'headway'
export const DEFAULT_MAX_CONNECTIONS = 10
export const DEFAULT_TIMEOUT_MS = 10_000
export const DEFAULT_AWAY_MS = 3_000
export const DEFAULT_MAX_BLOB_BYTES_IN_DATABASE = 8 * 1024 * 1024
