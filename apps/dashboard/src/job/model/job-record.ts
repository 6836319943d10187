import { LogStore } from '../log/log-store.js'
import { Books } from './books.js'
import { EventStore } from './event-store.js'
import { Figures } from './figures.js'
import { Life } from './life.js'
import { logTextOf } from './log-text.js'
import { ProgressPoints } from './progress.js'
import { Rate } from './rate.js'
import { Timeline } from './timeline.js'
import type { JobEvent } from './wire.js'

/** A message with more lines than this is cut, so that one event can't fill the log. */
const MAX_LINES_OF_EVENT = 1000

/**
 * All that a page knows of a job: a fold over its log, in parts that each remember with which event they changed. So any moment of the log is
 * looked up, not folded again: what a record says of a seq is what a record says that has been given the log up to there.
 */
export class JobRecord {
  readonly life = new Life()
  readonly progress = new ProgressPoints()
  readonly timeline = new Timeline()
  readonly figures = new Figures()
  readonly rate = new Rate()
  readonly books = new Books()
  readonly log = new LogStore()
  readonly events = new EventStore(this.log)
  #head = 0
  #at = 0

  /** The seq of the last event. */
  get head(): number {
    return this.#head
  }

  /** When the last event was, in milliseconds since 1970; 0 before the first. */
  get lastAt(): number {
    return this.#at
  }

  /** When an event was: the last one that is not behind `seq`. */
  timeOf(seq: number): number {
    const { events } = this
    if (seq >= this.#head) return this.#at
    return events.at(Math.max(events.first, events.indexOf(seq)))
  }

  /** Takes the next event of the log. One that is known already is left out. */
  take(event: JobEvent): void {
    if (event.seq <= this.#head) return
    this.#head = event.seq
    const at = Date.parse(event.at)
    this.#at = at
    const before = this.life.at(event.seq)
    const isLife = this.life.take(event, at)
    const moment = isLife ? this.life.at(event.seq) : before
    if (isLife) this.timeline.takeLife(event, moment, before)
    else this.#takeWork(event, at)
    const said = logTextOf(event, moment)
    const lines = said === undefined ? [] : linesOf(said.text)
    let last: number | undefined
    for (const text of lines) last = this.log.push({ text, level: said?.level ?? 'info', seq: event.seq, at })
    this.events.push(event, at, said?.whole === true && lines.length === 1 ? last : undefined)
    this.rate.take(at, lines.length)
  }

  #takeWork(event: JobEvent, at: number): void {
    if (event.type === 'progress') this.progress.take(event, at)
    this.timeline.take(event, at)
    this.figures.take(event, at)
    this.books.take(event, at)
  }
}

function linesOf(text: string): readonly string[] {
  if (!text.includes('\n') && !text.includes('\r')) return [text]
  const lines = text.split(/\r\n|\r|\n/, MAX_LINES_OF_EVENT)
  return lines.at(-1) === '' && lines.length > 1 ? lines.slice(0, -1) : lines
}
