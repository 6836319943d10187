import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBooksService } from '@headway/books'
import type { BooksServiceOptions } from '@headway/books'
import { createEngine } from '@headway/core'
import type { Engine, EngineOptions } from '@headway/core'
import type { ServerOptions } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { onTestFinished } from 'vitest'
import type { AtEnd } from '../../../../test/e2e/support/program.js'
import { createTestServer, requestOf } from '../../../../test/support/test-server.js'
import type { AskOptions } from '../../../../test/support/test-server.js'
import { addToCatalog } from './catalog.js'
import type { Facts } from './stand-in/books.mjs'

/** No address is limited, unless a test says so. */
const NO_LIMITS = { api: false, 'books-create': false, 'books-status': false, 'books-search': false, 'books-semantic': false } as const

/** A server with the books service on a data folder of its own. It ends with the test. */
export interface Running {
  /** Without a slash at the end. */
  readonly url: string
  readonly engine: Engine
  readonly folder: string
  readonly stop: () => Promise<void>
  readonly ask: (path: string, options?: AskOptions & { readonly body?: FormData }) => Promise<Response>
  /** The answer's JSON, whatever its status. */
  readonly json: (path: string, options?: AskOptions & { readonly body?: FormData }) => Promise<Answer>
}

/** The envelope of every answer. */
export interface Answer {
  readonly success: boolean
  readonly data: Readonly<Record<string, unknown>>
  readonly metadata: Record<string, unknown>
  readonly error: { readonly code: string; readonly message: string; readonly [name: string]: unknown }
}

export interface StartOptions extends Partial<BooksServiceOptions> {
  /** The folder of an earlier server, in place of a fresh one. */
  readonly folder?: string
  readonly server?: Partial<ServerOptions>
  readonly engine?: Partial<EngineOptions>
  /** What the catalog has beside the books that ship. */
  readonly books?: readonly Facts[]
  /** When it ends: with the test by default. */
  readonly atEnd?: AtEnd
}

/** Starts a server whose only provider is the catalog, with the books that ship. */
export async function start({
  folder: given,
  server: serverOptions,
  engine: engineOptions,
  books = [],
  atEnd = onTestFinished,
  ...options
}: StartOptions = {}): Promise<Running> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'headway-books-')))
  const catalogPath = join(folder, 'catalog.sqlite')
  if (books.length > 0) await addToCatalog(catalogPath, books)
  const stores = await openSqliteStores({ folder: join(folder, 'data') })
  const engine = createEngine({ stores, ...engineOptions })
  const service = createBooksService({ catalogPath, maxOpen: 0, maxOpenScans: 0, ...options })
  const server = createTestServer(engine, service, { limits: NO_LIMITS, ...serverOptions })
  const url = (await server.listen()).url.replace(/\/$/, '')
  await engine.start()
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      server.drain()
      await engine.drain()
      await server.close()
      await engine.close()
      await stores.close()
    })())
  atEnd(async () => {
    await stop()
    await rm(folder, { recursive: true, force: true })
  })
  const ask: Running['ask'] = (path, { body, ...more } = {}) =>
    fetch(`${url}${path}`, { ...requestOf({ ...(body && { method: 'POST' }), ...more }), ...(body && { body }) })
  return { url, engine, folder, stop, ask, json: async (path, more) => (await (await ask(path, more)).json()) as Answer }
}

/** A form with one file. */
export function csvForm(text: string, fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  form.set('file', new Blob([text], { type: 'text/csv' }), 'library.csv')
  return form
}

/** Texts of an answer, by their names. @throws Error when one of them is not there */
export function textsOf<Name extends string>(data: Readonly<Record<string, unknown>>, ...names: Name[]): Record<Name, string> {
  const entries = names.map((name) => {
    const text = data[name]
    if (typeof text !== 'string') throw new Error(`The answer has no text "${name}": ${JSON.stringify(data)}`)
    return [name, text]
  })
  return Object.fromEntries(entries) as Record<Name, string>
}
