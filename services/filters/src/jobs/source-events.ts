import { addressOf, shownName } from '../compiler/source/source-name.js'
import type { CompileEvent, Configuration, Listener } from '../compiler/index.js'

/**
 * Lets each `source:start` and `source:complete` through once: while it is found out whether an earlier result still holds, sources are
 * told of ahead of the compilation, which would tell of them again.
 */
export class SourceEvents {
  readonly #on: Listener
  readonly #configuration: Configuration
  readonly #told = new Set<string>()
  readonly #startedAt = new Map<number, number>()

  constructor(configuration: Configuration, on: Listener) {
    this.#configuration = configuration
    this.#on = on
  }

  readonly on: Listener = (event) => {
    if (event.type === 'source:start' || event.type === 'source:complete') {
      const key = `${event.type} ${event.data.sourceIndex}`
      if (this.#told.has(key)) return
      this.#told.add(key)
    }
    this.#on(event)
  }

  start(sourceIndex: number): void {
    this.#startedAt.set(sourceIndex, performance.now())
    this.#tell('source:start', sourceIndex, {})
  }

  complete(sourceIndex: number, ruleCount: number): void {
    const durationMs = Math.round(performance.now() - (this.#startedAt.get(sourceIndex) ?? performance.now()))
    this.#tell('source:complete', sourceIndex, { ruleCount, durationMs })
  }

  #tell(type: 'source:start' | 'source:complete', sourceIndex: number, more: { ruleCount?: number; durationMs?: number }): void {
    const { sources } = this.#configuration
    const configured = sources[sourceIndex]
    if (configured === undefined) return
    const address = addressOf(configured.source)
    const source = { name: shownName(configured.name, address), source: address.shown }
    const event: CompileEvent = { type, data: { source, sourceIndex, totalSources: sources.length, ...more } }
    this.on(event)
  }
}
