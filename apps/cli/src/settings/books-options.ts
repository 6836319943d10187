import { join, resolve } from 'node:path'
import type { BooksServiceOptions, ProviderOptions } from '@headway/books'
import type { RateLimit } from '@headway/server'
import { SettingsError } from './settings-error.js'
import type { Settings } from './table.js'

/** The file of the embedded catalog. */
export function catalogPathOf({ booksCatalog, data }: Pick<Settings, 'booksCatalog' | 'data'>): string {
  return resolve(booksCatalog ?? join(data, 'catalog.sqlite'))
}

/** What the books service is given. @throws SettingsError where a provider is to be asked that has no key */
export function booksOptionsOf(settings: Settings): BooksServiceOptions {
  const vision = visionOf(settings)
  const embeddings = embeddingsOf(settings)
  const { booksWebhookSecret: webhookSecret } = settings
  return {
    catalogPath: catalogPathOf(settings),
    access: settings.booksAccess,
    rateLimits: {
      'books-create': perMinute(settings.booksCreateRateLimit),
      'books-status': perMinute(settings.booksStatusRateLimit),
      'books-search': perMinute(settings.booksSearchRateLimit),
      'books-semantic': perMinute(settings.booksSemanticRateLimit),
    },
    providers: providersOf(settings),
    ...(embeddings !== undefined && { embeddings }),
    ...(vision !== undefined && { vision }),
    maxRows: settings.booksMaxRows,
    maxCsvBytes: settings.booksMaxCsvBytes,
    maxBatch: settings.booksMaxBatch,
    maxOpen: settings.booksMaxOpen,
    maxOpenScans: settings.booksMaxOpenScans,
    ...(webhookSecret !== undefined && { webhookSecret }),
    urlTokens: settings.booksUrlTokens === 'on',
  }
}

function perMinute(requests: number): RateLimit {
  return { requests, windowSeconds: 60 }
}

function providersOf(settings: Settings): ProviderOptions {
  const { booksProviders: named, booksContact: contact, isbndbKey, isbndbPlan, googleBooksKey } = settings
  const isAsked = (provider: NonNullable<typeof named>[number], byDefault: boolean): boolean => named?.includes(provider) ?? byDefault
  const keyless: string[] = []
  const keyOf = (provider: 'isbndb' | 'google_books', key: string | undefined, env: string): string | undefined => {
    if (!isAsked(provider, key !== undefined)) return undefined
    if (key === undefined) keyless.push(`booksProviders names ${provider}, which needs a key: set ${env}.`)
    return key
  }
  const isbndb = keyOf('isbndb', isbndbKey, 'HEADWAY_ISBNDB_KEY')
  const googleBooks = keyOf('google_books', googleBooksKey, 'HEADWAY_GOOGLE_BOOKS_KEY')
  if (keyless.length > 0) throw new SettingsError(keyless)
  return {
    ...(isAsked('open_library', true) && {
      openLibrary: { ...baseUrl(settings.openLibraryUrl), ...(contact !== undefined && { contact }) },
    }),
    ...(isbndb !== undefined && { isbndb: { key: isbndb, plan: isbndbPlan, ...baseUrl(settings.isbndbUrl) } }),
    ...(googleBooks !== undefined && { googleBooks: { key: googleBooks, ...baseUrl(settings.googleBooksUrl) } }),
  }
}

function embeddingsOf(settings: Settings): BooksServiceOptions['embeddings'] {
  const { booksEmbeddingsUrl: url, booksEmbeddingsKey: key, booksEmbeddingsModel: model } = settings
  if (url === undefined && key === undefined) return undefined
  return { openAi: { ...baseUrl(url), ...(key !== undefined && { key }), ...(model !== undefined && { model }) } }
}

function visionOf({ geminiKey: apiKey, geminiModel: model, geminiUrl: url }: Settings): BooksServiceOptions['vision'] {
  return apiKey === undefined ? undefined : { apiKey, ...(model !== undefined && { model }), ...baseUrl(url) }
}

function baseUrl(url: string | undefined): { readonly baseUrl?: string } {
  return url === undefined ? {} : { baseUrl: url }
}
