import type { ClientMessage } from '../../src/wire/websocket/client-messages.js'
import type { ServerMessage } from '../../src/wire/websocket/server-messages.js'
import { byId, element, setText } from './dom.js'
import { KINDS, sentSummary, summaryOf } from './summaries.js'
import type { Kind, Level, Summary } from './summaries.js'
import { count, shortened, timeOfDay } from './text.js'

/** So many entries are in the page; older ones go. */
const MAX_ENTRIES = 1_000
/** What is shown of a long text, and of a long array, in an entry. */
const MAX_SHOWN_TEXT = 2_000
const MAX_SHOWN_ITEMS = 20
/** Kinds that are not shown at first: they say little. */
const QUIET: ReadonlySet<Kind> = new Set<Kind>(['heartbeat'])

interface Waiting {
  readonly summary: Summary
  readonly session: string
  /** What is shown when it is opened; undefined: there is no more to it. */
  readonly message: ServerMessage | ClientMessage | undefined
  readonly at: Date
}

/** What is sent and received, newest last. Entries come with the next frame, however many there are. */
export class EventLog {
  readonly #list = byId('log', HTMLOListElement)
  readonly #follow = byId('follow', HTMLInputElement)
  readonly #search = byId('search', HTMLInputElement)
  readonly #count = byId('log-count', HTMLSpanElement)
  readonly #shown = new Map<Kind, HTMLInputElement>()
  #waiting: Waiting[] = []
  #total = 0

  constructor() {
    for (const [kind, label] of Object.entries(KINDS) as [Kind, string][]) {
      const box = element('input', { type: 'checkbox', value: kind })
      box.checked = !QUIET.has(kind)
      box.addEventListener('change', () => this.#sift())
      this.#shown.set(kind, box)
      byId('filters', HTMLDivElement).append(element('label', { data: { kind } }, box, element('span', { text: label })))
    }
    this.#search.addEventListener('input', () => this.#sift())
    this.#follow.addEventListener('change', () => this.#toEnd())
    this.#list.addEventListener('wheel', ({ deltaY }) => deltaY < 0 && (this.#follow.checked = false), { passive: true })
    byId('clear-log', HTMLButtonElement).addEventListener('click', () => this.clear())
  }

  received(message: ServerMessage): void {
    const session = 'sessionId' in message && message.sessionId !== undefined ? message.sessionId : ''
    this.#add({ summary: summaryOf(message), session, message: trimmed(message) as ServerMessage, at: new Date() })
  }

  sent(message: ClientMessage): void {
    const session = 'sessionId' in message ? message.sessionId : ''
    this.#add({ summary: sentSummary(message), session, message: trimmed(message) as ClientMessage, at: new Date() })
  }

  /** What became of the connection. */
  note(text: string, level: Level): void {
    this.#add({ summary: { kind: 'connection', level, type: 'connection', text }, session: '', message: undefined, at: new Date() })
  }

  clear(): void {
    this.#waiting = []
    this.#total = 0
    this.#list.replaceChildren()
    setText(this.#count, '')
  }

  #add(entry: Waiting): void {
    this.#total += 1
    this.#waiting.push(entry)
    // In a hidden tab no frame comes.
    if (this.#waiting.length > MAX_ENTRIES) this.#waiting.shift()
    if (this.#waiting.length === 1) requestAnimationFrame(() => this.#show())
  }

  #show(): void {
    const entries = this.#waiting.map((entry) => this.#entry(entry))
    this.#waiting = []
    this.#list.append(...entries)
    while (this.#list.childElementCount > MAX_ENTRIES) this.#list.firstElementChild?.remove()
    const shown = this.#list.childElementCount
    setText(this.#count, this.#total > shown ? `${count(this.#total)}, the last ${count(shown)} kept` : count(this.#total))
    this.#toEnd()
  }

  #entry({ summary, session, message, at }: Waiting): HTMLLIElement {
    const { kind, level, type, text } = summary
    const parts = [
      element('time', { text: timeOfDay(at) }),
      element('span', { class: 'of', text: session, title: session }),
      element('span', { class: 'type', text: type, title: type }),
      element('span', { class: 'text', text }),
    ]
    const details = element('details', {}, element('summary', {}, ...parts))
    // Its JSON is made when somebody looks.
    const json = (): string => (message === undefined ? text : JSON.stringify(message, null, 2))
    details.addEventListener('toggle', () => details.append(element('pre', { text: json() })), { once: true })
    const entry = element('li', { class: 'entry', data: { kind, level } }, details)
    entry.hidden = !this.#fits(entry)
    return entry
  }

  #sift(): void {
    for (const entry of this.#list.querySelectorAll<HTMLLIElement>('.entry')) entry.hidden = !this.#fits(entry)
    this.#toEnd()
  }

  #fits(entry: HTMLLIElement): boolean {
    const wanted = this.#search.value.trim().toLowerCase()
    const shown = this.#shown.get(entry.dataset['kind'] as Kind)?.checked === true
    return shown && (wanted === '' || (entry.textContent ?? '').toLowerCase().includes(wanted))
  }

  #toEnd(): void {
    if (this.#follow.checked) this.#list.scrollTop = this.#list.scrollHeight
  }
}

/** A message without what would fill the memory: an entry is to be looked at, not to be kept whole. */
function trimmed(value: unknown): unknown {
  if (typeof value === 'string') return shortened(value, MAX_SHOWN_TEXT)
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_SHOWN_ITEMS).map(trimmed)
    return value.length > MAX_SHOWN_ITEMS ? [...shown, `… ${count(value.length - MAX_SHOWN_ITEMS)} more`] : shown
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, name === 'token' ? '…' : trimmed(member)]))
}
