import type { ServerMessage } from '../../src/wire/websocket/server-messages.js'

/** `starting`: asked for, not confirmed; `detached`: it goes on, or waits, but this page does not follow it. */
export type SessionState = 'starting' | 'running' | 'paused' | 'detached' | 'completed' | 'failed' | 'cancelled' | 'lost'

/** The compiled list, kept as bytes that the browser may put on disk. */
export interface CompiledList {
  readonly text: Blob
  readonly ruleCount: number
  readonly first: readonly string[]
}

/** What of a session is kept in `sessionStorage`: enough to attach to it again. */
export interface SavedSession {
  readonly id: string
  readonly name: string
  readonly jobId: string
  readonly token: string | undefined
  /** The cursor: the last message that was received. */
  readonly after: number | string
  readonly events: number
  readonly startedAt: number
}

/** How many rules of a list are shown. */
const SHOWN_RULES = 20

/** One compilation as this page sees it. */
export class Session {
  readonly id: string
  name: string
  state: SessionState = 'starting'
  jobId: string | undefined
  token: string | undefined
  after: number | string = 0
  events = 0
  startedAt = Date.now()
  endedAt: number | undefined
  phase = ''
  done = 0
  total = 0
  /** What is said of its end. */
  outcome = ''
  list: CompiledList | undefined

  constructor(id: string, name: string) {
    this.id = id
    this.name = name
  }

  static restored(saved: SavedSession): Session {
    const session = new Session(saved.id, saved.name)
    session.state = 'detached'
    Object.assign(session, saved)
    return session
  }

  get over(): boolean {
    return this.endedAt !== undefined
  }

  /** Whether this page follows it now. */
  get live(): boolean {
    return this.state === 'starting' || this.state === 'running' || this.state === 'paused'
  }

  get saved(): SavedSession | undefined {
    const { id, name, jobId, token, after, events, startedAt } = this
    return jobId === undefined || this.over ? undefined : { id, name, jobId, token, after, events, startedAt }
  }

  /** The connection is gone. Whether a compilation that was not confirmed runs, nobody can tell. */
  disconnected(): void {
    if (!this.live) return
    if (this.jobId === undefined) this.end('lost', 'The connection was lost before the server confirmed it.')
    else this.state = 'detached'
  }

  take(message: ServerMessage): void {
    if ('seq' in message) this.after = message.seq
    switch (message.type) {
      case 'compile:started':
        this.state = 'running'
        this.jobId = message.jobId
        this.token = message.token ?? this.token
        break
      case 'compile:attached':
        this.state = message.status === 'paused' ? 'paused' : 'running'
        break
      case 'compile:paused':
        this.state = 'paused'
        break
      case 'compile:resumed':
        this.state = 'running'
        break
      case 'event':
        this.events += 1
        if (message.eventType === 'progress') this.#progress(message.data)
        break
      case 'compile:complete':
        this.list = listOf(message.rules, message.ruleCount)
        this.done = this.total
        this.end('completed', '')
        break
      case 'compile:error':
        this.end('failed', message.error)
        break
      case 'compile:cancelled':
        this.end('cancelled', message.reason)
        break
      case 'reset':
        this.after = message.after
        if (message.reason === 'pruned') this.end('lost', 'The server does not have it any more.')
        break
      case 'welcome':
      case 'pong':
      case 'error':
    }
  }

  end(state: SessionState, outcome: string): void {
    this.state = state
    this.outcome = outcome
    this.endedAt = Date.now()
  }

  #progress(data: unknown): void {
    const { phase, current, total, message } = data as { phase: string; current: number; total: number; message: string }
    this.phase = message === '' ? phase : message
    this.done = current
    this.total = total
  }
}

function listOf(rules: readonly string[], ruleCount: number): CompiledList {
  return { text: new Blob([rules.join('\n')], { type: 'text/plain' }), ruleCount, first: rules.slice(0, SHOWN_RULES) }
}
