import { HeadwayError } from '@headway/core'
import type { StoredJob } from '@headway/core'
import type { Reset } from '@headway/protocol'
import { parseCursor, SocketError, validate } from '@headway/server'
import type { Cursor, Principal, SocketCaller, SocketHandler, SocketSession } from '@headway/server'
import type { Compilations } from '../compilations.js'
import type { RequestCheck } from '../request-check.js'
import { compileBodySchema } from '../schemas.js'
import { receivedMessageSchema } from './client-messages.js'
import type { AttachMessage, ControlMessage, ReceivedCompile, ReceivedMessage } from './client-messages.js'
import { configurationNameOf } from './configuration-name.js'
import { isLarge, parseMessage } from './parse-message.js'
import { errorMessage, say } from './say.js'
import { envelopeOf, socketEvents } from './socket-events.js'

/** How many compilations run at a time on one connection. */
const MAX_SESSIONS = 3

/** A compilation under the name that the client of one connection gave it. */
interface CompileSession {
  readonly job: StoredJob
  /** What the client showed for this job; undefined: its API key counts. */
  readonly token: string | undefined
  /** It was begun on this connection, which may do with it what it likes. */
  readonly own: boolean
}

const KNOWN_TYPES: ReadonlySet<unknown> = new Set(['compile', 'cancel', 'pause', 'resume', 'attach', 'ping'])

/** One connection to `/ws/compile`. Its compilations go on when it is gone. */
export class CompileSocketHandler implements SocketHandler {
  readonly #compilations: Compilations
  readonly #check: RequestCheck
  readonly #session: SocketSession
  readonly #caller: SocketCaller
  /** By the client's name; a compilation is here until its last message was sent. */
  readonly #sessions = new Map<string, CompileSession>()
  /** The large message that counts already. */
  #admitted: unknown

  constructor(
    { compilations, check }: { readonly compilations: Compilations; readonly check: RequestCheck },
    session: SocketSession,
    caller: SocketCaller,
    version: string,
  ) {
    this.#compilations = compilations
    this.#check = check
    this.#session = session
    this.#caller = caller
    const capabilities = { maxConcurrentCompilations: MAX_SESSIONS, supportsPauseResume: true, supportsStreaming: true }
    session.send(say({ type: 'welcome', version, connectionId: session.connectionId, capabilities }))
  }

  /** A large message is parsed in a thread of its own, which costs: it counts as a request before that. */
  parse(text: Buffer): Promise<unknown> | undefined {
    return isLarge(text) ? this.#parseLarge(text) : undefined
  }

  async message(received: unknown): Promise<void> {
    const isAdmitted = received === this.#admitted
    this.#admitted = undefined
    const message = clientMessage(received)
    switch (message.type) {
      case 'compile':
        return this.#compile(message, isAdmitted)
      case 'attach':
        return this.#attach(message)
      case 'ping':
        return this.#session.send(say({ type: 'pong' }))
      case 'cancel':
      case 'pause':
      case 'resume':
        return this.#control(message)
    }
  }

  async #parseLarge(text: Buffer): Promise<unknown> {
    await this.#admit()
    const message = await parseMessage(text)
    this.#admitted = message
    return message
  }

  async #compile(message: ReceivedCompile, isAdmitted: boolean): Promise<void> {
    const { sessionId } = message
    try {
      const principal = isAdmitted ? await this.#mayRun() : await this.#admit()
      this.#assertRoom(sessionId)
      const request = validate(compileBodySchema, message, 'The message')
      await this.#check.assert(request)
      const { job, token } = await this.#compilations.start(request, { principal, ip: this.#caller.ip })
      this.#follow(sessionId, { job, token: token.token, own: true }, { after: 0, skip: 0 })
    } catch (error) {
      if (!(error instanceof HeadwayError) || (error.code !== 'VALIDATION_ERROR' && error.code !== 'RATE_LIMIT_EXCEEDED')) throw error
      // With what these two know beside their text.
      const code = error.code === 'VALIDATION_ERROR' ? 'INVALID_MESSAGE' : error.code
      const { fields, retryAfterSeconds } = error
      const more = { ...(fields && { fields: [...fields] }), ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }
      this.#session.send(errorMessage(code, error.message, message, more))
    }
  }

  #mayRun(): Promise<Principal> {
    return this.#caller.requireRole('run', this.#compilations.access)
  }

  /** Counts one request that begins a compilation; of nobody who may not begin one. */
  async #admit(): Promise<Principal> {
    const principal = await this.#mayRun()
    await this.#compilations.admit(this.#caller.ip)
    return principal
  }

  async #attach({ sessionId, jobId, token, after }: AttachMessage): Promise<void> {
    this.#assertRoom(sessionId)
    const cursor = parseCursor(String(after))
    const job = this.#compilations.check(await this.#caller.authorizeJob(jobId, 'read', token))
    const { head, status } = job
    const seq = cursor.skip === 0 ? cursor.after : `${cursor.after + 1}.${cursor.skip}`
    const configurationName = configurationNameOf(job.input)
    this.#session.send(say({ type: 'compile:attached', sessionId, seq, jobId: job.id, configurationName, head, status }))
    this.#follow(sessionId, { job, token, own: false }, cursor)
  }

  async #control({ type, sessionId, reason }: ControlMessage): Promise<void> {
    const found = this.#sessions.get(sessionId)
    if (found === undefined) {
      throw new SocketError('SESSION_NOT_FOUND', 'No compilation of this name runs on this connection.')
    }
    const { job, token, own } = found
    if (!own) await this.#caller.authorizeJob(job.id, 'control', token)
    try {
      await this.#compilations.control(job.id, type, reason)
    } catch (error) {
      if (!(error instanceof HeadwayError) || error.code !== 'JOB_FINISHED') throw error
      throw new SocketError('SESSION_NOT_FOUND', 'This compilation is over already; what is left of its messages follows.')
    }
  }

  #follow(sessionId: string, compilation: CompileSession, cursor: Cursor): void {
    this.#sessions.set(sessionId, compilation)
    this.#session.attach({
      job: compilation.job,
      cursor,
      dialect: socketEvents,
      envelope: envelopeOf(sessionId, compilation.token),
      reset: (reset: Reset) => [say({ ...reset, sessionId })],
      ended: () => this.#sessions.delete(sessionId),
    })
  }

  /** @throws SocketError DUPLICATE_SESSION, TOO_MANY_COMPILATIONS */
  #assertRoom(sessionId: string): void {
    if (this.#sessions.has(sessionId)) {
      throw new SocketError('DUPLICATE_SESSION', 'A compilation of this name runs on this connection; choose another name.')
    }
    if (this.#sessions.size >= MAX_SESSIONS) {
      throw new SocketError('TOO_MANY_COMPILATIONS', `At most ${MAX_SESSIONS} compilations at a time run on one connection.`)
    }
  }
}

/** @throws SocketError UNKNOWN_MESSAGE_TYPE, INVALID_MESSAGE */
function clientMessage(received: unknown): ReceivedMessage {
  const type: unknown = typeof received === 'object' && received !== null && 'type' in received ? received.type : undefined
  if (typeof type === 'string' && !KNOWN_TYPES.has(type)) {
    throw new SocketError('UNKNOWN_MESSAGE_TYPE', `There is no message of this type; there are ${[...KNOWN_TYPES].join(', ')}.`)
  }
  try {
    return validate(receivedMessageSchema, received, 'The message')
  } catch (error) {
    if (error instanceof HeadwayError) throw new SocketError('INVALID_MESSAGE', error.message)
    throw error
  }
}
