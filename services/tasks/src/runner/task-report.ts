import type { Json } from '@headway/protocol'
import type { EventWriter } from './event-writer.js'
import {
  MAX_LINE_JSON_BYTES,
  MAX_UPDATE_LINE_UNITS,
  MAX_UPDATE_LOGS_BYTES,
  OVERWRITTEN_EVERY_MS,
  UPDATE_EVERY_MS,
  UPDATE_LOGS,
} from './limits.js'
import type { LineEnd } from './line-splitter.js'
import { LINE_EVENT, UPDATE_EVENT } from './task-events.js'
import type { Line, LineLevel, LogEntry, TaskSummary, Update } from './task-events.js'
import { characterEnd, jsonBytes, shorten } from './text.js'

export interface ReportOptions {
  readonly events: EventWriter
  /** Keeps the job's own progress, in percent. */
  readonly saveProgress: (percent: number, message: string | undefined) => void
  readonly startedAt: string
  /** How much is done at the start, in percent. */
  readonly percent: number
}

/** Bytes of an event beside its message, about. */
const EVENT_OVERHEAD_BYTES = 100

/** What watchers see of a running task: its lines, and updates with the latest of them. */
export class TaskReport {
  readonly #options: ReportOptions
  readonly #latest: { readonly at: number; readonly line: Line }[] = []
  #percent: number
  #savedPercent: number | undefined
  #step: string | undefined
  #message: string | undefined
  #paused = false
  #lastUpdateAt = -Infinity
  #lastOverwrittenAt = -Infinity
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: ReportOptions) {
    this.#options = options
    this.#percent = wholePercent(options.percent)
  }

  /** One line, or piece of a line. What a program draws over is shown only now and then. */
  line(level: LineLevel, message: string, end: LineEnd = 'end'): void {
    if (end === 'overwritten') {
      const now = performance.now()
      if (now - this.#lastOverwrittenAt < OVERWRITTEN_EVERY_MS) return
      this.#lastOverwrittenAt = now
    }
    // Characters that JSON escapes can make a piece six times as long.
    if (message.length * 6 > MAX_LINE_JSON_BYTES && jsonBytes(message) > MAX_LINE_JSON_BYTES) {
      const half = characterEnd(message, message.length >> 1)
      this.line(level, message.slice(0, half), 'continued')
      this.line(level, message.slice(half), end)
      return
    }
    const line: Line =
      end === 'end' ? { level, message } : end === 'continued' ? { level, message, continued: true } : { level, message, overwritten: true }
    this.#options.events.write(LINE_EVENT, line, message.length + EVENT_OVERHEAD_BYTES)
    this.#latest.push({ at: Date.now(), line })
    if (this.#latest.length > UPDATE_LOGS) this.#latest.shift()
    this.#soon()
  }

  /** @param percent of the whole task; never shown as 100 before its end */
  progress(percent: number, message?: string): void {
    this.#percent = wholePercent(percent)
    this.#message = message
    this.#soon()
  }

  /** Another step begins: an update at once. */
  step(name: string): void {
    this.#step = name
    this.#message = undefined
    this.update()
  }

  paused(paused: boolean): void {
    this.#paused = paused
    this.update()
  }

  /** Writes an update now, and a checkpoint with it where one is given. */
  update(checkpoint?: Json): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#lastUpdateAt = performance.now()
    const update: Update = {
      status: 'running',
      ...this.summary(),
      ...(this.#step !== undefined && { step: this.#step }),
      ...(this.#message !== undefined && { message: this.#message }),
      ...(this.#paused && { paused: true }),
    }
    this.#options.events.write(UPDATE_EVENT, update, EVENT_OVERHEAD_BYTES * UPDATE_LOGS, checkpoint === undefined ? {} : { checkpoint })
    if (this.#percent === this.#savedPercent) return
    this.#savedPercent = this.#percent
    this.#options.saveProgress(this.#percent, this.#message)
  }

  /** What the task's last event must say. */
  summary(): TaskSummary {
    return { progress: this.#percent, startedAt: this.#options.startedAt, logs: this.#shortLogs() }
  }

  /** Nothing more is reported. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  /** An update when the last one is old enough. */
  #soon(): void {
    if (this.#timer !== undefined || this.#closed) return
    const dueIn = this.#lastUpdateAt + UPDATE_EVERY_MS - performance.now()
    if (dueIn <= 0) this.update()
    else this.#timer = setTimeout(() => this.update(), dueIn)
  }

  #shortLogs(): LogEntry[] {
    const logs: LogEntry[] = []
    let bytes = 0
    for (const { at, line } of this.#latest.toReversed()) {
      const shown = { timestamp: new Date(at).toISOString(), ...line, message: shorten(line.message, MAX_UPDATE_LINE_UNITS) }
      bytes += jsonBytes(shown)
      if (bytes > MAX_UPDATE_LOGS_BYTES) break
      logs.unshift(shown)
    }
    return logs
  }
}

/** 100 is for the end alone. */
function wholePercent(percent: number): number {
  return Math.min(99, Math.max(0, Math.floor(percent)))
}
