import { randomUUID } from 'node:crypto'
import type { JobContext } from '@headway/core'
import type { Json } from '@headway/protocol'
import type { Configuration, Diagnostic } from '../compiler/index.js'
import type { ComputationEvent } from './event-history.js'
import { JobProgress } from './progress.js'
import { roundedMs, withRoundedDuration } from './rounded-ms.js'
import type { ComputedList } from './run-computation.js'

/** A step that takes longer is told of, in milliseconds. */
const SLOW_STEP_MS = 1000

/** How many doubts about a configuration are told of. */
const MAX_DOUBTS = 10

/** The longest name of a list in a message, in characters. */
const MAX_NAME_CHARACTERS = 200

/** What a job writes into its log: what its computation tells, and beside it the beginning, the end, doubts and slow steps. */
export class Commentary {
  readonly #ctx: Pick<JobContext, 'id' | 'emit' | 'progress'>
  readonly #progress = new JobProgress()
  readonly #startedAt = performance.now()

  constructor(ctx: Pick<JobContext, 'id' | 'emit' | 'progress'>) {
    this.#ctx = ctx
  }

  async begin(configuration: Configuration): Promise<void> {
    const { name, sources } = configuration
    const message = `Compiling "${shortened(name)}" from ${counted(sources.length, 'source')}`
    await Promise.all([
      this.#log(message),
      this.#diagnostic('compilation', 'info', 'The compilation begins.', { sourceCount: sources.length }),
      ...doubtsAbout(configuration).map((doubt) => this.#diagnostic('validation', 'warn', doubt)),
    ])
  }

  /** Writes what the computation tells, and what is to be said about it. */
  async event(event: ComputationEvent): Promise<void> {
    await Promise.all([this.#write(event), this.#remark(event)])
  }

  async end({ ruleCount, cached }: ComputedList): Promise<void> {
    const ms = roundedMs(performance.now() - this.#startedAt)
    const perSecond = Math.round((ruleCount / Math.max(ms, 0.01)) * 1000)
    await Promise.all([
      this.#write({
        type: 'progress',
        data: { phase: 'writing', current: 1, total: 1, message: `The list has ${counted(ruleCount, 'line')}.` },
      }),
      this.#write({ type: 'metric', data: { metric: 'compilation_time', value: ms, unit: 'ms' } }),
      this.#write({ type: 'metric', data: { metric: 'rules_per_second', value: perSecond, unit: 'rules/s' } }),
      this.#diagnostic('compilation', 'info', 'The compilation is done.', { ruleCount, durationMs: ms, cached }),
      this.#log(`${counted(ruleCount, 'line')} in ${Math.round(ms)} ms`),
    ])
  }

  #write(event: ComputationEvent): Promise<void> {
    if (event.type === 'progress') return this.#ctx.progress(this.#progress.of(event.data))
    // Its types are interfaces of plain JSON.
    return this.#ctx.emit(event.type, withRoundedDuration(event.data) as unknown as Json)
  }

  #remark(event: ComputationEvent): Promise<void> | undefined {
    if (event.type === 'transformation:complete') return this.#slow(event.data.name, event.data.durationMs)
    if (event.type !== 'source:complete') return undefined
    const { source, ruleCount, durationMs } = event.data
    if (ruleCount === 0) return this.#diagnostic('validation', 'warn', `${source.name} gave no rules.`)
    return this.#slow(source.name, durationMs)
  }

  #slow(step: string, durationMs = 0): Promise<void> | undefined {
    if (durationMs <= SLOW_STEP_MS) return undefined
    const seconds = (durationMs / 1000).toFixed(1)
    return this.#diagnostic('performance', 'warn', `${step} took ${seconds} s.`, { step, durationMs: roundedMs(durationMs) })
  }

  #log(message: string): Promise<void> {
    return this.#write({ type: 'log', data: { level: 'info', message } })
  }

  #diagnostic(
    category: Diagnostic['category'],
    severity: Diagnostic['severity'],
    message: string,
    metadata?: Diagnostic['metadata'],
  ): Promise<void> {
    const common = { eventId: randomUUID(), timestamp: new Date().toISOString(), category, severity, message, correlationId: this.#ctx.id }
    return this.#write({ type: 'diagnostic', data: { ...common, ...(metadata !== undefined && { metadata }) } })
  }
}

/** What is allowed and hardly meant. */
function doubtsAbout({ transformations, sources }: Configuration): string[] {
  const doubts: string[] = []
  const look = (names: readonly string[] = [], where: string): void => {
    const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index))
    for (const name of twice) doubts.push(`${name} is given more than once in the transformations of ${where}; it is done once.`)
  }
  look(transformations, 'the list')
  for (const [index, source] of sources.entries()) look(source.transformations, `source ${index + 1}`)
  return doubts.slice(0, MAX_DOUBTS)
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function shortened(name: string): string {
  return name.length > MAX_NAME_CHARACTERS ? `${name.slice(0, MAX_NAME_CHARACTERS)}...` : name
}
