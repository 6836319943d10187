import { setImmediate } from 'node:timers/promises'
import { array, assert, asyncProperty, boolean, integer, record } from 'fast-check'
import { expect, it } from 'vitest'
import { LogEvent, StoreError } from '@headway/core'
import { createDelivery } from '../../src/delivery/delivery.js'
import type { Delivery } from '../../src/delivery/delivery.js'
import type { Dialect, ImmutableJob } from '../../src/delivery/dialect.js'
import { encoderOf } from '../../src/delivery/encode.js'
import type { Framing, SmallMessage } from '../../src/delivery/encode.js'
import { Relay } from '../../src/delivery/relay.js'
import type { RelayTarget } from '../../src/delivery/relay.js'

const job: ImmutableJob = { id: '00000000-0000-4000-8000-000000000000', type: 'test', input: null, createdAt: '2026-01-01T00:00:00.000Z' }

const dialect: Dialect = { name: 'ids', encode: (event) => [{ body: event.line }], reset: () => [] }

/** Chunks are the ids in them. */
const framing: Framing<readonly string[]> = {
  chunk: (messages: readonly SmallMessage[]) => messages.map(({ id }) => id ?? ''),
  large: () => {
    throw new Error('There are no large messages here.')
  },
}

/** A log in memory whose reads take a while, and fail when they are told to. */
class MemoryLog {
  readonly events: LogEvent[] = []
  closed = false
  fails = 0
  readonly #changed: (() => void)[] = []

  append(type: string): void {
    this.events.push(LogEvent.encode(this.events.length + 1, job.createdAt, type, 'null'))
    this.closed = type === 'completed'
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#changed.splice(0)) wake()
  }

  async *follow(after: number, signal: AbortSignal): AsyncGenerator<readonly LogEvent[], void, void> {
    let cursor = after
    signal.addEventListener('abort', () => this.#wake(), { once: true })
    while (!signal.aborted) {
      if (this.fails > 0) {
        this.fails -= 1
        throw new StoreError('unavailable', 'gone fishing')
      }
      const page = this.events.slice(cursor, cursor + 3)
      if (page.length === 0 && this.closed) return
      if (page.length > 0) {
        await setImmediate()
        yield page
        cursor = page.at(-1)?.seq ?? cursor
        continue
      }
      await new Promise<void>((resolve) => {
        this.#changed.push(resolve)
      })
    }
  }

  delivery(): Delivery {
    const unused = (): never => {
      throw new Error('This is not needed here.')
    }
    return createDelivery({
      follow: (_, { after, signal }) => this.follow(after, signal),
      read: unused,
      get: unused,
      request: unused,
      stores: { blobs: { read: unused }, jobs: { wake: unused } },
    })
  }
}

/** A watcher that is slow now and then, and comes back when its stream fails. */
class TestWatcher implements RelayTarget<readonly string[]> {
  readonly delivery: Delivery
  readonly encoder = encoderOf(dialect, framing)
  readonly framing = framing
  readonly job = job
  readonly ids: string[] = []
  readonly done: Promise<void>
  #finish: (() => void) | undefined
  #relay: Relay<readonly string[]>
  readonly #slowEvery: number
  readonly #head: () => number

  constructor(delivery: Delivery, after: number, slowEvery: number, head: () => number) {
    this.delivery = delivery
    this.#slowEvery = slowEvery
    this.#head = head
    this.done = new Promise((resolve) => {
      this.#finish = resolve
    })
    this.#relay = new Relay(this, { after, skip: 0 }, head())
    this.#relay.start([])
  }

  send(ids: readonly string[]): Promise<void> | undefined {
    this.ids.push(...ids)
    return this.#slowEvery > 0 && this.ids.length % this.#slowEvery === 0 ? setImmediate() : undefined
  }

  comeBack(): void {
    this.#relay.stop()
    const after = Number(this.ids.at(-1) ?? this.#relay.after)
    this.#relay = new Relay(this, { after, skip: 0 }, this.#head())
    this.#relay.start([])
  }

  hold = (): boolean => true
  release = (): void => undefined
  reset = (): readonly [] => []
  ended(): void {
    this.#finish?.()
  }
  failed(): void {
    this.comeBack()
  }
}

it('watchers that join, leave, are slow, fail and come back all get every event once', async () => {
  const watcher = record({
    /** When it comes, in events appended. */
    at: integer({ min: 0, max: 30 }),
    /** Its cursor, as far as there are events. */
    after: integer({ min: 0, max: 30 }),
    slowEvery: integer({ min: 0, max: 3 }),
    comesBack: boolean(),
  })
  await assert(
    asyncProperty(
      array(watcher, { minLength: 1, maxLength: 8 }),
      array(integer({ min: 0, max: 3 }), { minLength: 31, maxLength: 31 }),
      array(integer({ min: 0, max: 30 }), { maxLength: 3 }),
      async (plans, pauses, failures) => {
        const log = new MemoryLog()
        const delivery = log.delivery()
        const watchers: { readonly watcher: TestWatcher; readonly after: number; readonly comesBack: boolean }[] = []
        for (const [step, pause] of pauses.entries()) {
          for (const plan of plans.filter(({ at }) => at === step)) {
            const after = Math.min(plan.after, log.events.length)
            watchers.push({ ...plan, after, watcher: new TestWatcher(delivery, after, plan.slowEvery, () => log.events.length) })
          }
          log.fails += failures.filter((at) => at === step).length
          log.append(step === 30 ? 'completed' : 'step')
          for (let n = 0; n < pause; n += 1) await setImmediate()
          if (step % 5 === 4) for (const { watcher: back, comesBack } of watchers) if (comesBack) back.comeBack()
        }
        for (const { watcher: one, after } of watchers) {
          await one.done
          expect(one.ids).toEqual(Array.from({ length: 31 - after }, (_, index) => String(after + index + 1)))
        }
      },
    ),
    { numRuns: 300 },
  )
})
