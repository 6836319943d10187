import type { Engine, KeyValueStore } from '@headway/core'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Watchers } from '../delivery/watchers.js'

const PREFIX = 'nodes/'

/** How often a node says how it is, in milliseconds. */
const TELL_MS = 5_000
/** So long after its last word a node counts as gone, in milliseconds. */
const GONE_MS = 3 * TELL_MS
/** How long what others said is told on, in milliseconds. */
const KEPT_MS = 1_000
const MAX_NODES = 1_000

const count = z.int().nonnegative()
const nodeSchema = z.object({
  id: z.string(),
  /** How many jobs it runs at a time; 0 where it runs none. */
  slots: count,
  since: z.iso.datetime(),
  eventsPerSecond: z.number().nonnegative(),
  watchers: z.object({ sse: count, websocket: count, poll: count }),
})

/** How a node is. */
export type NodeFigures = z.infer<typeof nodeSchema>

export interface NodesOptions {
  readonly engine: Engine
  readonly watchers: Watchers
  /** Where nodes tell one another how they are; absent: this one is alone. */
  readonly shared: KeyValueStore | undefined
  readonly log: Logger
}

/** The nodes that share a store, as each tells the others. Hints for dashboards: a node that was killed is still told of for some seconds. */
export class Nodes {
  readonly #options: NodesOptions
  #timer: NodeJS.Timeout | undefined
  #telling: Promise<void> = Promise.resolve()
  #toldAs: string | undefined
  #others: Promise<readonly NodeFigures[]> | undefined
  #readAt = Number.NEGATIVE_INFINITY

  constructor(options: NodesOptions) {
    this.#options = options
  }

  /** Tells how this node is, from now on. */
  start(): void {
    if (this.#options.shared === undefined) return
    this.#timer = setInterval(() => this.#tellSoon(), TELL_MS).unref()
    this.#tellSoon()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#telling
    // Where the store is away, this node is forgotten after a while.
    if (this.#toldAs !== undefined) await this.#options.shared?.delete(PREFIX + this.#toldAs).catch(() => undefined)
  }

  /** @param own this node's, which comes first @throws StoreError */
  async all(own: NodeFigures): Promise<readonly NodeFigures[]> {
    if (this.#options.shared === undefined) return [own]
    if (this.#others === undefined || performance.now() - this.#readAt > KEPT_MS) {
      this.#readAt = performance.now()
      this.#others = readNodes(this.#options.shared)
      // Whoever asks next looks again.
      this.#others.catch(() => {
        this.#others = undefined
      })
    }
    return [own, ...(await this.#others).filter(({ id }) => id !== own.id)]
  }

  #tellSoon(): void {
    this.#telling = this.#telling.then(() => this.#tell())
  }

  async #tell(): Promise<void> {
    const { engine, watchers, shared, log } = this.#options
    try {
      const own = figuresOf(await engine.figures(), watchers)
      await shared?.set(PREFIX + own.id, own, { ttlMs: GONE_MS })
      this.#toldAs = own.id
    } catch (error) {
      log.debug({ err: error }, 'this node could not tell the others how it is')
    }
  }
}

/** What a node says of itself. */
export function figuresOf(
  { worker, slots, since, eventsPerSecond }: Awaited<ReturnType<Engine['figures']>>,
  watchers: Watchers,
): NodeFigures {
  const { sse, ndjson, websocket, poll } = watchers.counts()
  return { id: worker, slots, since: since.toISOString(), eventsPerSecond, watchers: { sse: sse + ndjson, websocket, poll } }
}

async function readNodes(store: KeyValueStore): Promise<readonly NodeFigures[]> {
  const keys = await store.keys(PREFIX, MAX_NODES)
  const entries = await Promise.all(keys.map((key) => store.get(key)))
  return entries.flatMap((entry) => nodeSchema.safeParse(entry?.value).data ?? [])
}
