import { z } from 'zod'
import { httpUrl, number, oneOf, someOf } from './parse.js'
import { optional, setting } from './setting.js'

/** Where books can be looked up beside the catalog, in the order in which they are asked. */
export const BOOK_PROVIDERS = ['open_library', 'isbndb', 'google_books'] as const

const MIB = 2 ** 20

/** A file is read as a whole, in a thread: what works with the memory of a small machine. */
const MAX_ROWS = 100_000
const MAX_CSV_BYTES = 64 * MIB
/** The body of a batch is at most 1 MiB: so many ISBNs are in it. */
const MAX_BATCH = 50_000

const SECRET = 'a text of 1 to 512 characters'
const secretText = z.string(SECRET).min(1, SECRET).max(512, SECRET)
const MODEL = 'the name of a model'
const model = z.string(MODEL).regex(/^[\w./:-]{1,200}$/, MODEL)
const CONTACT = 'an e-mail address or a URL, in visible ASCII characters'
const perMinute = number({ min: 1, max: 1_000_000 })
const PER_MINUTE = 'requests a minute and address'

/** Settings of the books service. */
export const BOOKS_SETTINGS = {
  booksAccess: setting({
    env: 'HEADWAY_ACCESS_BOOKS',
    flag: '--books-access <who>',
    schema: oneOf(['public', 'key']),
    default: 'public',
    description: 'Who may import, enrich, scan and look up books',
  }),
  booksCatalog: optional({
    env: 'HEADWAY_BOOKS_CATALOG',
    flag: '--books-catalog <file>',
    schema: z.string('a file').min(1, 'a file'),
    description: 'The catalog of books; by default catalog.sqlite in the data folder, which begins with the books that ship',
  }),
  booksProviders: optional({
    env: 'HEADWAY_BOOKS_PROVIDERS',
    flag: '--books-providers <list>',
    schema: someOf(BOOK_PROVIDERS),
    description: `Who is asked for books that the catalog does not have: ${BOOK_PROVIDERS.join(', ')}, or none; by default open_library, and whoever has a key`,
  }),
  booksContact: optional({
    env: 'HEADWAY_BOOKS_CONTACT',
    flag: '--books-contact <contact>',
    schema: z.string(CONTACT).regex(/^[\x21-\x7e]{1,200}$/, CONTACT),
    description: 'How Open Library can reach you; who says it may ask three times a second instead of once',
  }),
  openLibraryUrl: optional({
    env: 'HEADWAY_OPEN_LIBRARY_URL',
    flag: '--open-library-url <url>',
    schema: httpUrl(),
    description: 'Where Open Library is asked; by default its own address',
  }),
  isbndbKey: optional({
    env: 'HEADWAY_ISBNDB_KEY',
    schema: secretText,
    description: 'The key of ISBNdb',
    secret: true,
  }),
  isbndbPlan: setting({
    env: 'HEADWAY_ISBNDB_PLAN',
    flag: '--isbndb-plan <plan>',
    schema: oneOf(['basic', 'premium', 'pro']),
    default: 'basic',
    description: 'What that key allows: how many books a request may have, and how many requests there may be a second',
  }),
  isbndbUrl: optional({
    env: 'HEADWAY_ISBNDB_URL',
    flag: '--isbndb-url <url>',
    schema: httpUrl(),
    description: 'Where ISBNdb is asked; by default as the plan has it',
  }),
  googleBooksKey: optional({
    env: 'HEADWAY_GOOGLE_BOOKS_KEY',
    schema: secretText,
    description: 'The key of Google Books',
    secret: true,
  }),
  googleBooksUrl: optional({
    env: 'HEADWAY_GOOGLE_BOOKS_URL',
    flag: '--google-books-url <url>',
    schema: httpUrl(),
    description: 'Where Google Books is asked; by default its own address',
  }),
  geminiKey: optional({
    env: 'HEADWAY_GEMINI_KEY',
    schema: secretText,
    description:
      'The key of the Gemini API; with it Gemini reads photos of shelves and names unknown columns of CSV files; without it this machine reads photos itself',
    secret: true,
  }),
  geminiModel: optional({
    env: 'HEADWAY_GEMINI_MODEL',
    flag: '--gemini-model <name>',
    schema: model,
    description: 'The model that is asked there',
  }),
  geminiUrl: optional({
    env: 'HEADWAY_GEMINI_URL',
    flag: '--gemini-url <url>',
    schema: httpUrl(),
    description: 'Where the Gemini API is asked; by default its own address',
  }),
  booksEmbeddingsUrl: optional({
    env: 'HEADWAY_BOOKS_EMBEDDINGS_URL',
    flag: '--books-embeddings-url <url>',
    schema: httpUrl(),
    description: 'A server with the embeddings API of OpenAI, for the search by meaning; by default that is a ranked search of the text',
  }),
  booksEmbeddingsKey: optional({
    env: 'HEADWAY_BOOKS_EMBEDDINGS_KEY',
    schema: secretText,
    description: 'The key of the embeddings; alone it is for OpenAI itself',
    secret: true,
  }),
  booksEmbeddingsModel: optional({
    env: 'HEADWAY_BOOKS_EMBEDDINGS_MODEL',
    flag: '--books-embeddings-model <name>',
    schema: model,
    description: 'The model of the embeddings',
  }),
  booksMaxRows: setting({
    env: 'HEADWAY_BOOKS_MAX_ROWS',
    flag: '--books-max-rows <number>',
    schema: number({ min: 1, max: MAX_ROWS }),
    default: 5000,
    unit: 'rows',
    description: 'The longest CSV file that is imported',
  }),
  booksMaxCsvBytes: setting({
    env: 'HEADWAY_BOOKS_MAX_CSV_BYTES',
    flag: '--books-max-csv-bytes <number>',
    schema: number({ min: 1024, max: MAX_CSV_BYTES }),
    default: 8 * MIB,
    unit: 'bytes',
    description: 'The largest CSV file that is imported',
  }),
  booksMaxBatch: setting({
    env: 'HEADWAY_BOOKS_MAX_BATCH',
    flag: '--books-max-batch <number>',
    schema: number({ min: 1, max: MAX_BATCH }),
    default: 5000,
    unit: 'books',
    description: 'The largest batch that is enriched',
  }),
  booksMaxOpen: setting({
    env: 'HEADWAY_BOOKS_MAX_OPEN',
    flag: '--books-max-open <number>',
    schema: number({ min: 0, max: 1_000_000 }),
    default: 20,
    unit: 'jobs of one address',
    description: 'Imports, enrichments and scans without an API key that may wait, run or rest at a time; 0: any number',
  }),
  booksMaxOpenScans: setting({
    env: 'HEADWAY_BOOKS_MAX_OPEN_SCANS',
    flag: '--books-max-open-scans <number>',
    schema: number({ min: 0, max: 1_000_000 }),
    default: 100,
    unit: 'scans',
    description: 'Scans of all addresses together that may do so: one runs at a time, and their photos wait on the disk; 0: any number',
  }),
  booksKeepFinished: setting({
    env: 'HEADWAY_BOOKS_KEEP_FINISHED',
    flag: '--books-keep-finished <number>',
    schema: number({ min: 0, max: 10_000_000 }),
    default: 1000,
    description: 'Imports, enrichments and scans that are kept when they are over, with their results; for HEADWAY_KEEP_FOR at most',
  }),
  booksCreateRateLimit: setting({
    env: 'HEADWAY_BOOKS_CREATE_RATE_LIMIT',
    flag: '--books-create-rate-limit <number>',
    schema: perMinute,
    default: 60,
    unit: PER_MINUTE,
    description: 'Imports, enrichments and scans that one address may begin',
  }),
  booksStatusRateLimit: setting({
    env: 'HEADWAY_BOOKS_STATUS_RATE_LIMIT',
    flag: '--books-status-rate-limit <number>',
    schema: perMinute,
    default: 30,
    unit: PER_MINUTE,
    description: 'How often one address may ask how such a job stands',
  }),
  booksSearchRateLimit: setting({
    env: 'HEADWAY_BOOKS_SEARCH_RATE_LIMIT',
    flag: '--books-search-rate-limit <number>',
    schema: perMinute,
    default: 120,
    unit: PER_MINUTE,
    description: 'How often one address may look books up',
  }),
  booksSemanticRateLimit: setting({
    env: 'HEADWAY_BOOKS_SEMANTIC_RATE_LIMIT',
    flag: '--books-semantic-rate-limit <number>',
    schema: perMinute,
    default: 20,
    unit: PER_MINUTE,
    description: 'How often one address may search by meaning',
  }),
  booksWebhookSecret: optional({
    env: 'HEADWAY_BOOKS_WEBHOOK_SECRET',
    schema: secretText,
    description: 'What the webhook must show in x-alexandria-webhook-secret; by default nobody may call it',
    secret: true,
  }),
  booksUrlTokens: setting({
    env: 'HEADWAY_BOOKS_URL_TOKENS',
    flag: '--books-url-tokens <on|off>',
    schema: oneOf(['off', 'on']),
    default: 'off',
    description: 'Whether ?token= in the URL of /ws/progress counts, as it did until 2026: URLs end up in the logs of proxies',
  }),
} as const
