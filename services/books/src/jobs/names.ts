/** The job types of this service. */
export const IMPORT_JOB_TYPE = 'books-import'
export const ENRICHMENT_JOB_TYPE = 'books-enrichment'
export const SCAN_JOB_TYPE = 'books-scan'

/** They are kept or removed together: their `retentionGroup`. */
export const BOOKS_RETENTION_GROUP = 'books'

/** The name of this service's key in the store. */
export const SERVER_KEY = 'books/key'
