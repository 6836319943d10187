import { BreakerOpenError, backoffMs, type Breakers } from '@headway/core/breaker'
import type { Clock } from '@headway/core'
import type { BookQuery } from '../../book.js'
import type { Provider, ProviderAnswer } from '../provider.js'
import { ProviderError, nonsense } from '../provider-error.js'
import type { EnricherSettings } from '../settings.js'
import { abandonedWith, kindOf, type Item, type Kind } from './item.js'
import { Pace } from './pace.js'
import { Waiting } from './waiting.js'

/** What all lanes of an enricher share. */
export interface LaneTools {
  readonly clock: Clock
  /** From 0 up to 1; for the jitter of retries. */
  readonly random: () => number
  readonly breakers: Breakers
  readonly settings: EnricherSettings
}

/** One call: its queries, how often it was tried, and when it may be tried again. */
interface Call {
  readonly items: readonly Item[]
  readonly failed: number
  readonly notBefore: number
}

/**
 * The way to one provider, for all jobs of the process: queries are put together into full batches, calls keep the limits, and what fails is
 * tried again or given up as the rules say.
 */
export class Lane {
  readonly provider: Provider
  readonly #tools: LaneTools
  readonly #pace: Pace
  readonly #waiting: Readonly<Record<Kind, Waiting>>
  readonly #again = new Set<Call>()
  /** What is asked just now. */
  readonly #calls = new Set<AbortController>()
  #closed: ProviderError | undefined
  #running = 0
  /** The last call failed: one at a time until one works. */
  #failing = false
  #cancelTimer: (() => void) | undefined
  #turn: Kind = 'title'

  constructor(provider: Provider, tools: LaneTools) {
    this.provider = provider
    this.#tools = tools
    this.#pace = new Pace(tools.clock, provider.requestsPerSecond)
    const lingerMs = provider.lingerMs ?? tools.settings.lingerMs
    this.#waiting = { isbn: new Waiting(provider.batchSize, lingerMs), title: new Waiting(provider.titleBatchSize ?? 1, lingerMs) }
  }

  /** Whether this provider can answer such a query. */
  takes(query: BookQuery): boolean {
    return this.provider.byTitle || 'isbn' in query
  }

  /** So many more queries (fewer, where negative) of a kind may come: as long as there are some, batches wait to be full. */
  expect(kind: Kind, more: number): void {
    this.#waiting[kind].expected += more
    if (more < 0) this.#go()
  }

  /**
   * Asks, in the next batch that has room.
   *
   * @throws ProviderError; the signal's reason when it is aborted
   */
  ask(query: BookQuery, owner: object, signal: AbortSignal): Promise<ProviderAnswer> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting[kindOf(query)]
      const give = () => {
        item.gone = true
        waiting.delete(item)
        item.onGone?.()
        reject(signal.reason as Error)
      }
      const done = () => signal.removeEventListener('abort', give)
      const item: Item = {
        query,
        owner,
        since: this.#tools.clock.now(),
        gone: false,
        resolve: (answer) => {
          done()
          resolve(answer)
        },
        reject: (error) => {
          done()
          reject(error)
        },
      }
      if (signal.aborted) return give()
      if (this.#closed !== undefined) return reject(this.#closed)
      signal.addEventListener('abort', give, { once: true })
      waiting.add(item)
      this.#go()
    })
  }

  /** Ends calls that are under way, and the provider's connections. */
  async close(): Promise<void> {
    this.#closed = new ProviderError('API_ERROR', 'The enricher is closed.', { retry: 'later', providerFault: false })
    this.#cancelTimer?.()
    this.#refuse(this.#closed)
    for (const call of this.#calls) call.abort(this.#closed)
    await this.provider.close?.()
  }

  /** Makes the calls that may be made now, and comes back when the next one may. */
  #go(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    const { clock, settings } = this.#tools
    if (this.#pace.heldMs > settings.maxRetryAfterMs) this.#refuse(this.#heldError())
    while (this.#closed === undefined && this.#running < (this.#failing ? 1 : settings.concurrency)) {
      const dueMs = this.#dueMs()
      if (dueMs === undefined) return
      const waitMs = Math.max(dueMs, this.#pace.waitMs)
      if (waitMs > 0) {
        this.#cancelTimer = clock.after(Math.ceil(waitMs), () => this.#go())
        return
      }
      const call = this.#take()
      if (call === undefined) continue
      this.#pace.count()
      this.#running += 1
      void this.#run(call).finally(() => {
        this.#running -= 1
        this.#go()
      })
    }
  }

  /** How long until there is a call to make, in milliseconds; undefined: there is none. */
  #dueMs(): number | undefined {
    const now = this.#tools.clock.now()
    const times = [...this.#again].map(({ notBefore }) => notBefore - now)
    for (const waiting of Object.values(this.#waiting)) {
      if (waiting.dueAt !== undefined) times.push(waiting.dueAt - now)
    }
    return times.length === 0 ? undefined : Math.max(0, Math.min(...times))
  }

  #take(): Call | undefined {
    const now = this.#tools.clock.now()
    for (const call of this.#again) {
      if (call.notBefore > now) continue
      this.#again.delete(call)
      if (call.items.some(({ gone }) => !gone)) return { ...call, items: call.items.filter(({ gone }) => !gone) }
    }
    const kinds: readonly Kind[] = this.#turn === 'isbn' ? ['isbn', 'title'] : ['title', 'isbn']
    const kind = kinds.find((one) => (this.#waiting[one].dueAt ?? Infinity) <= now)
    if (kind === undefined) return undefined
    this.#turn = kind === 'isbn' ? 'title' : 'isbn'
    return { items: this.#waiting[kind].take(), failed: 0, notBefore: 0 }
  }

  async #run(call: Call): Promise<void> {
    const { breakers } = this.#tools
    const { name, local: isLocal = false } = this.provider
    // What is local is never left alone: nobody else has to recover.
    const leave = async (outcome: 'success' | 'failure' | 'neither') => (isLocal ? undefined : breakers.leave(name, outcome))
    const controller = abandonedWith(call.items)
    const abandoned = controller.signal
    this.#calls.add(controller)
    try {
      if (!isLocal) await breakers.enter(name)
    } catch (error) {
      this.#calls.delete(controller)
      this.#pace.uncount()
      const open = asProviderError(error, name)
      this.#fail(call, open)
      return this.#refuse(open)
    }
    try {
      await this.#pace.space()
      abandoned.throwIfAborted()
      const answers = await this.provider.lookUp(
        call.items.map(({ query }) => query),
        abandoned,
      )
      if (answers.length !== call.items.length) throw nonsense(name, 'answers to other queries')
      await leave('success')
      this.#failing = false
      call.items.forEach((item, index) => settle(item, answers[index]))
    } catch (error) {
      if (abandoned.aborted) {
        await leave('neither')
        return this.#fail(call, abandoned.reason)
      }
      const failure = asProviderError(error, name)
      this.#failing = failure.providerFault
      await leave(failure.providerFault ? 'failure' : 'success')
      this.#retry(call, failure)
    } finally {
      this.#calls.delete(controller)
    }
  }

  #retry(call: Call, error: ProviderError): void {
    const { settings, clock, random } = this.#tools
    const failed = call.failed + 1
    if (error.retryAfterMs !== undefined) this.#pace.hold(error.retryAfterMs)
    if (error.retry !== 'soon' || failed > settings.retries || (error.retryAfterMs ?? 0) > settings.maxRetryAfterMs) {
      return this.#fail(call, error)
    }
    const { retryMinDelayMs: minDelayMs, retryMaxDelayMs: maxDelayMs } = settings
    const delayMs = Math.max(backoffMs({ minDelayMs, maxDelayMs, random }, failed), error.retryAfterMs ?? 0)
    this.#again.add({ ...call, failed, notBefore: clock.now() + delayMs })
  }

  #fail({ items }: Call, error: unknown): void {
    for (const item of items) item.reject(error)
  }

  /** All that waits fails. */
  #refuse(error: unknown): void {
    for (const call of this.#again) this.#fail(call, error)
    this.#again.clear()
    for (const waiting of Object.values(this.#waiting)) for (const item of waiting.takeAll()) item.reject(error)
  }

  #heldError(): ProviderError {
    const ms = this.#pace.heldMs
    const message = `"${this.provider.name}" asks to be left alone for ${String(Math.ceil(ms / 1000))} s.`
    return new ProviderError('API_ERROR', message, { retry: 'later', retryAfterMs: ms })
  }
}

function settle(item: Item, answer: ProviderAnswer | undefined): void {
  if (answer?.error === undefined) item.resolve(answer ?? {})
  else item.reject(answer.error)
}

/** What is thrown besides provider errors may hold anything: only that something went wrong is told. */
function asProviderError(error: unknown, name: string): ProviderError {
  if (error instanceof ProviderError) return error
  if (error instanceof BreakerOpenError) {
    return new ProviderError('CIRCUIT_OPEN', error.message, { retry: 'later', providerFault: false, retryAfterMs: error.retryAfterMs })
  }
  return new ProviderError('API_ERROR', `"${name}" could not be asked.`, { retry: 'later' })
}
