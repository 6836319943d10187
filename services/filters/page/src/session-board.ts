import type { ClientMessage, CompileMessage } from '../../src/wire/websocket/client-messages.js'
import type { ServerMessage } from '../../src/wire/websocket/server-messages.js'
import { byId, element } from './dom.js'
import { restoreSessions, saveSessions } from './saved-sessions.js'
import { SessionCard } from './session-card.js'
import type { Action } from './session-card.js'
import { Session } from './session.js'

/** So many sessions are shown; of more, those that are over go, oldest first. */
const MAX_SHOWN = 20

/** What can be done only elsewhere. */
export interface BoardActions {
  /** @returns false when there is no connection */
  send(message: ClientMessage): boolean
  compiled(ruleCount: number): void
  begun(): void
}

interface Shown {
  readonly session: Session
  readonly card: SessionCard
  /** To compile it again; absent after a reload. */
  readonly request: CompileMessage | undefined
}

/** The sessions of this page, by their names. */
export class SessionBoard {
  readonly #actions: BoardActions
  readonly #shown = new Map<string, Shown>()
  readonly #list = byId('sessions', HTMLUListElement)

  constructor(actions: BoardActions) {
    this.#actions = actions
    for (const session of restoreSessions()) this.#add(session, undefined)
  }

  get sessions(): Iterable<Session> {
    return [...this.#shown.values()].map(({ session }) => session)
  }

  has(name: string): boolean {
    return this.#shown.has(name)
  }

  compile(request: CompileMessage): void {
    const there = this.#shown.get(request.sessionId)
    if (!this.#actions.send(request)) return
    // The name is in use: the server will say so.
    if (there !== undefined && !there.session.over) return
    if (there !== undefined) this.#remove(there.session)
    const name = request.configuration['name']
    this.#add(new Session(request.sessionId, typeof name === 'string' ? name : ''), request)
    this.#actions.begun()
  }

  take(message: ServerMessage): void {
    if (!('sessionId' in message) || message.sessionId === undefined) return
    const session = this.#shown.get(message.sessionId)?.session
    if (session === undefined) return
    if (message.type === 'error') return this.#refused(session, message.code, message.error)
    session.take(message)
    if (message.type === 'compile:complete') this.#actions.compiled(message.ruleCount)
  }

  /** Follows again what was followed before the connection was lost. */
  attachAll(): void {
    for (const { session } of this.#shown.values()) if (session.state === 'detached') this.#attach(session)
  }

  disconnected(): void {
    for (const { session } of this.#shown.values()) session.disconnected()
  }

  save(): void {
    saveSessions(this.sessions)
  }

  show(connected: boolean): void {
    byId('no-sessions', HTMLParagraphElement).hidden = this.#shown.size > 0
    for (const { card } of this.#shown.values()) card.show(connected)
  }

  #add(session: Session, request: CompileMessage | undefined): void {
    const card = new SessionCard(session, (action) => this.#act(action, session))
    this.#shown.set(session.id, { session, card, request })
    this.#list.prepend(card.node)
    for (const { session: old } of this.#shown.values()) {
      if (this.#shown.size <= MAX_SHOWN) break
      if (old.over) this.#remove(old)
    }
  }

  #remove(session: Session): void {
    this.#shown.get(session.id)?.card.node.remove()
    this.#shown.delete(session.id)
  }

  #act(action: Action, session: Session): void {
    const { id: sessionId } = session
    switch (action) {
      case 'pause':
      case 'resume':
      case 'cancel':
        this.#actions.send({ type: action, sessionId })
        return
      case 'attach':
        return this.#attach(session)
      case 'download':
        return download(session)
      case 'again': {
        const request = this.#shown.get(sessionId)?.request
        if (request !== undefined) this.compile(request)
        return
      }
      case 'remove':
        return this.#remove(session)
    }
  }

  #attach(session: Session): void {
    const { id: sessionId, jobId, token, after } = session
    if (jobId === undefined) return
    session.state = 'starting'
    const sent = this.#actions.send({ type: 'attach', sessionId, jobId, ...(token !== undefined && { token }), after })
    if (!sent) session.state = 'detached'
  }

  /** What was asked for was refused. What runs goes on. */
  #refused(session: Session, code: string, error: string): void {
    if (session.state !== 'starting' || code === 'DUPLICATE_SESSION') return
    // It was never begun, or can't be had any more.
    const gone = code === 'JOB_NOT_FOUND' || code === 'TOKEN_EXPIRED'
    if (session.jobId === undefined || gone) return session.end('failed', error)
    session.state = 'detached'
    session.outcome = error
  }
}

function download({ id, list }: Session): void {
  if (list === undefined) return
  const url = URL.createObjectURL(list.text)
  const link = element('a')
  link.href = url
  link.download = `${id}.txt`
  link.click()
  URL.revokeObjectURL(url)
}
