import { createHash, timingSafeEqual } from 'node:crypto'
import { HeadwayError } from '@headway/core'
import { nameSchema } from '@headway/server'
import type { RateLimit, ServerKit } from '@headway/server'
import { z } from 'zod'
import type { BookLookup } from '../lookup.js'
import { EXAMPLE_BOOK } from './examples.js'
import { PATHS } from './paths.js'
import { requireIsbn } from './require-isbn.js'
import type { AddRoute, LimitName } from './route-tools.js'
import type { UploadLimits } from './upload/upload-limits.js'

const SECRET_HEADER = 'x-alexandria-webhook-secret'

const capabilitiesSchema = z.object({
  features: z.object({
    semantic_search: z.boolean().describe('False: `semantic` is a ranked search of the text'),
    similar_books: z.boolean(),
    weekly_recommendations: z.boolean(),
    sse_streaming: z.boolean(),
    batch_enrichment: z.boolean(),
    csv_import: z.boolean(),
  }),
  limits: z.object({
    semantic_search_rpm: z.int(),
    text_search_rpm: z.int(),
    csv_max_rows: z.int(),
    batch_max_photos: z.int(),
    csv_max_bytes: z.int(),
    photo_max_bytes: z.int(),
    photos_max_bytes: z.int().describe('Of all photos of one scan together'),
    batch_max_books: z.int(),
  }),
  version: z.string(),
})

nameSchema('BooksCapabilities', capabilitiesSchema, {
  example: {
    features: {
      semantic_search: false,
      similar_books: true,
      weekly_recommendations: true,
      sse_streaming: true,
      batch_enrichment: true,
      csv_import: true,
    },
    limits: {
      semantic_search_rpm: 20,
      text_search_rpm: 120,
      csv_max_rows: 5000,
      batch_max_photos: 5,
      csv_max_bytes: 8_388_608,
      photo_max_bytes: 10_485_760,
      photos_max_bytes: 52_428_800,
      batch_max_books: 5000,
    },
    version: '0.1.0',
  },
})

const webhookBodySchema = z.object({
  isbn: z.string().max(40),
  type: z.enum(['edition', 'work', 'author']),
  quality_improvement: z.number().optional(),
})
nameSchema('BookChanged', webhookBodySchema, { example: { isbn: EXAMPLE_BOOK.isbn, type: 'edition', quality_improvement: 12 } })

const webhookAnswerSchema = z.object({ success: z.literal(true), message: z.string() })
nameSchema('BookChangedAnswer', webhookAnswerSchema, { example: { success: true, message: 'The book was fetched afresh.' } })

export interface ServiceRouteOptions {
  readonly add: AddRoute
  readonly kit: ServerKit
  readonly lookup: BookLookup
  readonly rateLimits: Readonly<Record<LimitName, RateLimit>>
  readonly maxRows: number
  readonly uploads: UploadLimits
  /** What the webhook must show; absent: nobody may call it. */
  readonly webhookSecret: string | undefined
}

/** What this server can do, and what others tell it. */
export function mountService(options: ServiceRouteOptions): void {
  mountCapabilities(options)
  mountWebhook(options)
}

function mountCapabilities({ add, kit, lookup, rateLimits, maxRows, uploads }: ServiceRouteOptions): void {
  add(
    {
      method: 'get',
      path: PATHS.capabilities,
      summary: 'What this server can do',
      access: 'public',
      responses: { 200: { description: 'The capabilities', content: { 'application/json': capabilitiesSchema } } },
    },
    'api',
    async (c) =>
      c.json({
        features: {
          semantic_search: lookup.hasEmbeddings,
          similar_books: true,
          weekly_recommendations: true,
          sse_streaming: true,
          batch_enrichment: true,
          csv_import: true,
        },
        limits: {
          semantic_search_rpm: perMinute(rateLimits['books-semantic']),
          text_search_rpm: perMinute(rateLimits['books-search']),
          csv_max_rows: maxRows,
          batch_max_photos: uploads.maxPhotos,
          csv_max_bytes: uploads.maxCsvBytes,
          photo_max_bytes: uploads.maxPhotoBytes,
          photos_max_bytes: uploads.maxPhotosBytes,
          batch_max_books: uploads.maxBatch,
        },
        version: kit.version,
      }),
  )
}

function mountWebhook({ add, kit, lookup, webhookSecret }: ServiceRouteOptions): void {
  add(
    {
      method: 'post',
      path: PATHS.webhook,
      summary: 'More is known of a book: what is kept of it is dropped, and fetched afresh',
      access: 'public',
      headers: z.object({ [SECRET_HEADER]: z.string().describe('The secret that both sides know') }),
      body: { schema: webhookBodySchema, required: true },
      responses: {
        200: { description: 'Done', content: { 'application/json': webhookAnswerSchema } },
      },
      errors: ['UNAUTHORIZED', 'INVALID_JSON', 'VALIDATION_ERROR'],
    },
    'api',
    async (c) => {
      if (!isSame(c.req.header(SECRET_HEADER), webhookSecret))
        throw new HeadwayError('UNAUTHORIZED', `The header ${SECRET_HEADER} is wrong.`)
      const { isbn } = await kit.readJson(c, webhookBodySchema)
      const found = await lookup.refresh(requireIsbn(isbn), c.req.raw.signal)
      return c.json({
        success: true,
        message: found ? 'The book was fetched afresh.' : 'What was kept of the book is dropped; nobody knows it now.',
      })
    },
  )
}

/** Compared without telling, by the time it takes, how much of it is right. */
function isSame(given: string | undefined, secret: string | undefined): boolean {
  if (given === undefined || secret === undefined) return false
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(secret))
}

function perMinute({ requests, windowSeconds }: RateLimit): number {
  return Math.round((requests * 60) / windowSeconds)
}
