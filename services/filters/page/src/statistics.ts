import { byId, element, setText } from './dom.js'
import type { Session } from './session.js'
import { bytes, count, duration } from './text.js'

const FIGURES = { events: 'Events', sessions: 'Sessions', rules: 'Rules', received: 'Received', latency: 'Round trip' } as const
type Figure = keyof typeof FIGURES

/** Figures since the page was loaded. */
export class Statistics {
  readonly #values = new Map<Figure, HTMLElement>()
  #events = 0
  #received = 0
  #begun = 0
  #rules = 0
  #latencyMs: number | undefined

  constructor() {
    for (const [figure, label] of Object.entries(FIGURES) as [Figure, string][]) {
      const value = element('dd', { data: { figure } })
      this.#values.set(figure, value)
      byId('statistics', HTMLDListElement).append(element('div', {}, element('dt', { text: label }), value))
    }
  }

  message(isEvent: boolean, size: number): void {
    this.#events += isEvent ? 1 : 0
    this.#received += size
  }

  begun(): void {
    this.#begun += 1
  }

  compiled(ruleCount: number): void {
    this.#rules += ruleCount
  }

  latency(ms: number): void {
    this.#latencyMs = ms
  }

  show(sessions: Iterable<Session>): void {
    const live = [...sessions].filter((session) => session.live).length
    this.#set('events', count(this.#events))
    this.#set('sessions', live > 0 ? `${count(live)} of ${count(this.#begun)}` : count(this.#begun))
    this.#set('rules', count(this.#rules))
    this.#set('received', bytes(this.#received))
    this.#set('latency', this.#latencyMs === undefined ? '–' : duration(this.#latencyMs))
  }

  #set(figure: Figure, text: string): void {
    const value = this.#values.get(figure)
    if (value !== undefined) setText(value, text)
  }
}
