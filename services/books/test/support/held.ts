import type { AtEnd } from '../../../../test/e2e/support/program.js'
import { editionOf, editions } from './stand-in/books.mjs'
import { startStandIns } from './stand-in/server.mjs'
import { start } from './start.js'
import type { Running, StartOptions } from './start.js'

/** What the catalog of such a server has beside the books that ship. */
export const KNOWN = editions(5)

/** A book that nobody answers for: jobs that ask for it wait in the middle. */
export const HELD = editionOf(500)

/** A server whose Open Library does not answer before it is let. */
export interface Held extends Running {
  /** Has Open Library answer: it knows no book. */
  readonly letAnswer: () => void
}

/** Starts such a server. */
export async function startHeld(atEnd: AtEnd, options: StartOptions = {}): Promise<Held> {
  const standIns = await startStandIns()
  let letAnswer = (): void => undefined
  const answers = new Promise<void>((resolve) => (letAnswer = resolve))
  standIns.openLibrary.before = () => answers
  const providers = { openLibrary: { baseUrl: standIns.openLibrary.url, timeoutMs: 600_000 }, settings: { lingerMs: 0 } }
  const running = await start({ books: KNOWN, providers, atEnd, ...options })
  atEnd(() => standIns.close())
  return { ...running, letAnswer }
}

/** A job of the first contract. */
export interface Batch {
  readonly jobId: string
  readonly authToken: string
  readonly websocketUrl: string
}

/** A batch that has told one book and waits for the other. */
export async function heldBatch({ json }: Running): Promise<Batch> {
  const books = [...KNOWN, HELD].map(({ isbn13 }) => ({ isbn: isbn13 }))
  const { data } = await json('/v1/enrichment/batch', { json: { books } })
  return data as unknown as Batch
}
