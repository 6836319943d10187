import type { LifeMoment } from './life.js'
import { Spans } from './spans.js'
import type { Span, SpanEnd } from './spans.js'
import { numberOf, objectOf, textOf } from './wire.js'
import type { JobEvent, Json } from './wire.js'

const STATUS = 'status'
const ATTEMPT = 'attempt'
const STEP = 'step'
const PHASE = 'phase'

/** What of a job takes time, as its events tell it: statuses, attempts, steps of a task, photos of a scan, parts of a compilation. */
export class Timeline {
  readonly #spans = new Spans()
  #step: string | undefined
  #phase: string | undefined

  get omitted(): number {
    return this.#spans.omitted
  }

  /** The spans as they were at `seq`. */
  until(seq: number): readonly Span[] {
    return this.#spans.until(seq)
  }

  /** Takes an event of the engine, after the job's life has. */
  takeLife(event: JobEvent, moment: LifeMoment, before: LifeMoment): void {
    const stamp = { seq: event.seq, at: moment.at }
    if (moment.status !== before.status || event.type === 'created') {
      if (moment.finishedAt === undefined) this.#spans.begin(STATUS, 'status', moment.status, stamp, moment.reason)
    }
    if (event.type === 'claimed') {
      const note = moment.worker === undefined ? undefined : `worker ${moment.worker}`
      this.#spans.begin(ATTEMPT, 'attempt', `Attempt ${moment.attempt}`, stamp, note)
    }
    if (event.type === 'released' || event.type === 'recovered') {
      this.#step = undefined
      this.#phase = undefined
      this.#spans.finish(ATTEMPT, stamp, event.type === 'recovered' || moment.error !== undefined ? 'failed' : 'stopped', moment.reason)
      this.#spans.finishAll(stamp, 'stopped', ['status'])
    }
    if (moment.finishedAt !== undefined) this.#spans.finishAll(stamp, ENDS[moment.status] ?? 'done')
  }

  /** Takes an event of the work. */
  take({ type, seq, data }: JobEvent, at: number): void {
    const stamp = { seq, at }
    const said = objectOf(data)
    switch (type) {
      case 'update':
        return this.#takeStep(textOf(said['step']), stamp)
      case 'progress':
        return this.#takePhase(textOf(said['phase']), stamp)
      case 'step':
        return this.#takePhoto(objectOf(said['detail']), stamp)
      case 'source:start':
        return this.#spans.begin(sourceKey(said['sourceIndex']), 'source', nameOf(said['source']), stamp)
      case 'source:complete':
        return this.#finish(sourceKey(said['sourceIndex']), 'source', nameOf(said['source']), stamp, said, 'done')
      case 'source:error':
        return this.#finish(sourceKey(said['sourceIndex']), 'source', nameOf(said['source']), stamp, said, 'failed')
      case 'transformation:start':
        return this.#spans.begin(transformationKey(said['name']), 'transformation', nameOf(said['name']), stamp)
      case 'transformation:complete':
        return this.#finish(transformationKey(said['name']), 'transformation', nameOf(said['name']), stamp, said, 'done')
      default:
    }
  }

  #takeStep(step: string | undefined, stamp: Stamp): void {
    if (step === undefined || step === this.#step) return
    this.#step = step
    this.#spans.begin(STEP, 'step', step, stamp)
  }

  #takePhase(phase: string | undefined, stamp: Stamp): void {
    if (phase === undefined || phase === this.#phase) return
    this.#phase = phase
    this.#spans.begin(PHASE, 'phase', phase, stamp)
  }

  #takePhoto(detail: Readonly<Record<string, Json | undefined>>, stamp: Stamp): void {
    const photo = numberOf(detail['photo'])
    if (photo === undefined) return
    const key = `photo ${photo}`
    if (detail['step'] === 'started') this.#spans.begin(key, 'photo', `Photo ${photo + 1}`, stamp)
    if (detail['step'] === 'done') this.#spans.finish(key, stamp, 'done', `${numberOf(detail['spines']) ?? 0} spines`)
    if (detail['step'] === 'failed') this.#spans.finish(key, stamp, 'failed', textOf(objectOf(detail['error'])['message']))
  }

  /** Ends a span; where its beginning was not told, it has the place that its duration gives it. */
  #finish(key: string, lane: 'source' | 'transformation', name: string, stamp: Stamp, said: Said, end: SpanEnd): void {
    const durationMs = numberOf(said['durationMs']) ?? 0
    if (!this.#spans.isOpen(key)) this.#spans.begin(key, lane, name, { seq: stamp.seq, at: stamp.at - durationMs })
    this.#spans.finish(key, stamp, end, noteOf(said))
  }
}

type Stamp = { readonly seq: number; readonly at: number }
type Said = Readonly<Record<string, Json | undefined>>

const ENDS: Readonly<Partial<Record<LifeMoment['status'], SpanEnd>>> = { completed: 'done', failed: 'failed', cancelled: 'stopped' }

function sourceKey(index: Json | undefined): string {
  return `source ${numberOf(index) ?? 0}`
}

function transformationKey(name: Json | undefined): string {
  return `transformation ${textOf(name) ?? ''}`
}

function nameOf(value: Json | undefined): string {
  return textOf(value) ?? textOf(objectOf(value)['name']) ?? 'without a name'
}

function noteOf(said: Said): string | undefined {
  const error = textOf(said['error'])
  if (error !== undefined) return error
  const rules = numberOf(said['ruleCount'])
  if (rules !== undefined) return `${rules.toLocaleString('en')} rules`
  const [before, after] = [numberOf(said['inputCount']), numberOf(said['outputCount'])]
  return before === undefined || after === undefined ? undefined : `${before.toLocaleString('en')} to ${after.toLocaleString('en')} lines`
}
