import type { Access, RateLimit } from '@headway/server'
import type { EnricherSettings, GoogleBooksOptions, IsbndbOptions, OpenLibraryOptions } from './providers/index.js'
import type { GoogleEmbeddingsOptions, OpenAiEmbeddingsOptions } from './providers/index.js'
import type { VisionOptions } from './scan/vision/vision-options.js'
import type { LimitName } from './wire/route-tools.js'

/** Who is asked for books beside the embedded catalog; those that are absent are not. Keys are in no log and no event. */
export interface ProviderOptions {
  readonly openLibrary?: OpenLibraryOptions
  readonly isbndb?: IsbndbOptions
  readonly googleBooks?: GoogleBooksOptions
  readonly settings?: Partial<EnricherSettings>
}

export interface BooksServiceOptions {
  /** The file of the embedded catalog; made and filled with the books that ship where it is absent. */
  readonly catalogPath: string
  /** Who may create jobs and look books up. `public` by default. */
  readonly access?: Access
  /** Of each address. */
  readonly rateLimits?: Partial<Record<LimitName, RateLimit>>
  readonly providers?: ProviderOptions
  /** For the search by meaning; absent: it is a ranked search of the text. */
  readonly embeddings?: { readonly openAi: OpenAiEmbeddingsOptions } | { readonly google: GoogleEmbeddingsOptions }
  /** Reads photos in place of the OCR, and names the columns of CSV files that nobody can recognise. */
  readonly vision?: VisionOptions
  /** Rows of one import, blank ones too. 5,000 by default. */
  readonly maxRows?: number
  /** The largest CSV file, in bytes. 8 MiB by default. */
  readonly maxCsvBytes?: number
  /** Photos of one scan. 5 by default. */
  readonly maxPhotos?: number
  /** The largest photo, in bytes. 10 MiB by default. */
  readonly maxPhotoBytes?: number
  /** All photos of one scan together, in bytes. 50 MiB by default. */
  readonly maxPhotosBytes?: number
  /** Books of one enrichment. 5,000 by default. */
  readonly maxBatch?: number
  /** Imports, enrichments and scans of one address that may wait, run or rest at a time. 0: any number. 20 by default. Holders of API keys have no limit. */
  readonly maxOpen?: number
  /** Scans that may do so in all. 0: any number. 100 by default. Holders of API keys have no limit. */
  readonly maxOpenScans?: number
  /** What the webhook must show in `x-alexandria-webhook-secret`. Absent: nobody may call it. */
  readonly webhookSecret?: string
  /** Whether `?token=` in the URL of a WebSocket counts: it ended in 2026, because URLs end up in logs. False by default. */
  readonly urlTokens?: boolean
  /** Streaming over a WebSocket begins without `ready` after so long, in milliseconds. 2,000 by default. */
  readonly readyMs?: number
}

const MIB = 1024 * 1024

export const DEFAULTS = {
  access: 'public',
  maxRows: 5000,
  maxCsvBytes: 8 * MIB,
  maxPhotos: 5,
  maxPhotoBytes: 10 * MIB,
  maxPhotosBytes: 50 * MIB,
  maxBatch: 5000,
  maxOpen: 20,
  maxOpenScans: 100,
  urlTokens: false,
  readyMs: 2000,
} as const satisfies Partial<BooksServiceOptions>

/** Of each address. The contract has 30 requests a minute for the status of a job. */
export const BOOKS_LIMITS: Readonly<Record<LimitName, RateLimit>> = {
  'books-create': { requests: 60, windowSeconds: 60 },
  'books-status': { requests: 30, windowSeconds: 60 },
  'books-search': { requests: 120, windowSeconds: 60 },
  'books-semantic': { requests: 20, windowSeconds: 60 },
}

export type FilledOptions = Omit<BooksServiceOptions, keyof typeof DEFAULTS> & Required<Pick<BooksServiceOptions, keyof typeof DEFAULTS>>
