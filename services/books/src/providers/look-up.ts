import type { BookQuery } from '../book.js'
import type { AnswerCache } from './answer-cache.js'
import { decide, type Decision, type Part } from './decide.js'
import { kindOf } from './lane/item.js'
import type { Lane } from './lane/lane.js'
import { ProviderError } from './provider-error.js'
import type { EnricherSettings } from './settings.js'

/** What came of a query. */
export interface Outcome extends Decision {
  /** It is from the cache: nobody was asked. */
  readonly cached: boolean
  /** Why nothing can be said of a book that was not found: somebody who may know it could not be asked. */
  readonly error?: ProviderError
}

/** What a look-up needs besides its query; one for an enricher. */
export interface LookUpTools {
  /** In the order in which they are asked; local ones first. */
  readonly lanes: readonly Lane[]
  /** Absent: all providers are local. */
  readonly cache: AnswerCache | undefined
  readonly settings: EnricherSettings
}

/** Tells lanes which queries may still come to them, so that they wait for full batches and not for nothing. */
export class Announcement {
  readonly #ahead: Set<Lane>
  readonly #query: BookQuery

  /** The lanes were told of the query before. */
  constructor(query: BookQuery, lanes: readonly Lane[]) {
    this.#query = query
    this.#ahead = new Set(lanes)
  }

  /** The query comes to this lane now, or passes it by. */
  reach(lane: Lane): void {
    if (this.#ahead.delete(lane)) lane.expect(kindOf(this.#query), -1)
  }

  /** It comes to none of the others. */
  end(): void {
    for (const lane of this.#ahead) this.reach(lane)
  }
}

/** One query's way through the providers. */
interface Way {
  readonly query: BookQuery
  readonly owner: object
  readonly announcement: Announcement
  readonly signal: AbortSignal
}

/**
 * Asks one provider after the other until enough is known. Those that fail are left out; what nobody knows, though somebody failed, is an
 * error and no "not found".
 *
 * @throws the signal's reason when it is aborted
 */
export async function lookUp(tools: LookUpTools, way: Way): Promise<Outcome> {
  try {
    return await askAll(tools, way)
  } finally {
    way.announcement.end()
  }
}

async function askAll({ lanes, cache, settings }: LookUpTools, way: Way): Promise<Outcome> {
  const { query, owner, announcement, signal } = way
  const parts: Part[] = []
  const errors: ProviderError[] = []
  let asked = false
  for (const lane of lanes.filter((one) => one.takes(query))) {
    if (lane.provider.local !== true && !asked) {
      const kept = await cache?.get(query)
      signal.throwIfAborted()
      if (kept !== undefined) return { ...decide(query, [...parts, kept], settings), cached: true }
      asked = true
    }
    const asking = lane.ask(query, owner, signal)
    announcement.reach(lane)
    try {
      parts.push(await asking)
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      errors.push(error)
    }
    const { found, book } = decide(query, parts, settings)
    if (found && book !== undefined && book.quality >= settings.enoughQuality) break
  }
  const decision = decide(query, parts, settings)
  const [error] = decision.found ? [] : [...errors].toSorted((a, b) => weightOf(a) - weightOf(b))
  if (error !== undefined) return { ...decision, cached: false, error }
  if (asked)
    await cache?.set(query, partOf(query, decision), decision.found && errors.length === 0 ? settings.foundTtlMs : settings.notFoundTtlMs)
  return { ...decision, cached: false }
}

/** What somebody did wrong says more than that somebody is left alone. */
function weightOf({ code }: ProviderError): number {
  return code === 'CIRCUIT_OPEN' ? 1 : 0
}

/** What is kept of a decision: what makes the same decision again. */
function partOf(query: BookQuery, { found, book, confidence, candidates, sources }: Decision): Part {
  if (!found || book === undefined) return candidates === undefined ? {} : { candidates }
  return 'isbn' in query ? { book, sources } : { candidates: [{ book, confidence }], sources }
}
