import type { LogEvent } from '@headway/core'
import { jsonSchema, lifecycleSchemas } from '@headway/protocol'
import type { Dialect, DialectMessage, ImmutableJob, MessageBody } from '@headway/server'
import { z } from 'zod'
import { configurationNameOf } from './configuration-name.js'
import { cancelledText, compileEndOf, resultMembers, wireEventsOf } from '../wire-events.js'
import type { CompileEnd, WireEvent } from '../wire-events.js'

/** What a failure says beside its code. */
const detailsSchema = z.record(z.string(), jsonSchema)

/** Marks the one message that gets the token of its connection. */
const STARTED = 'compile:started'

/**
 * How `/ws/compile` shows the log of a compilation: each event of the contract in an `event` message, and the beginning and the end in messages of
 * their own. What a session is called, and its token, is put in by `envelopeOf`.
 */
export const socketEvents: Pick<Dialect, 'name' | 'encode'> = { name: 'filters-socket', encode }

function encode(event: LogEvent, job: ImmutableJob): readonly DialectMessage[] {
  const bodies = bodiesOf(event, job)
  return bodies.map((body, index) => {
    // A cursor must tell how far a client came within an event, as the ids of SSE do.
    const seq = index === bodies.length - 1 ? event.seq : `"${event.seq}.${index + 1}"`
    const head = `{"seq":${seq},"timestamp":"${event.at}",`
    const whole = typeof body === 'string' ? `${head}${body}}` : { ...body, prefix: `${head}${body.prefix}`, suffix: `${body.suffix}}` }
    return event.type === 'created' ? { event: STARTED, body: whole } : { body: whole }
  })
}

/** The members of each message of an event, without braces and what all have. */
function bodiesOf(event: LogEvent, job: ImmutableJob): readonly MessageBody[] {
  const wrapped = wireEventsOf(event).map(wrap)
  const end = compileEndOf(event)
  if (end !== undefined) return [...wrapped, endBody(end)]
  switch (event.type) {
    case 'created':
      return [members({ type: STARTED, configurationName: configurationNameOf(job.input), jobId: job.id })]
    case 'paused':
    case 'resumed':
      return [...wrapped, members({ type: `compile:${event.type}`, ...reasonOf(event) })]
    default:
      return wrapped
  }
}

function wrap({ event, data }: WireEvent): MessageBody {
  const prefix = `"type":"event","eventType":${JSON.stringify(event)},"data":`
  // The one large value is the list: it is sent once, in `compile:complete`.
  return `${prefix}${typeof data === 'string' ? data : withoutRules(data)}`
}

/** The data of `result` without its rules. */
function withoutRules({ prefix, suffix }: Exclude<MessageBody, string>): string {
  return prefix.replace(/,"rules":$/, '') + suffix
}

function endBody(end: CompileEnd): MessageBody {
  switch (end.how) {
    case 'completed': {
      const { result } = end
      return { prefix: '"type":"compile:complete","rules":', blob: result.rules, suffix: `,${resultMembers(result)}` }
    }
    case 'failed': {
      const { code, message, details } = end.error
      const known = detailsSchema.safeParse(details)
      return members({ type: 'compile:error', error: message, details: { ...known.data, code } })
    }
    case 'cancelled':
      return members({ type: 'compile:cancelled', reason: end.reason ?? cancelledText(undefined) })
  }
}

function reasonOf({ data }: LogEvent): { readonly reason?: string } {
  const { reason } = lifecycleSchemas.paused.parse(data)
  return reason === undefined ? {} : { reason }
}

function members(message: object): string {
  return JSON.stringify(message).slice(1, -1)
}

/** Puts what only one connection knows into the messages of its session. */
export function envelopeOf(sessionId: string, token: string | undefined): (message: DialectMessage) => DialectMessage {
  const name = `{"sessionId":${JSON.stringify(sessionId)},`
  const nameAndToken = token === undefined ? name : `${name}"token":${JSON.stringify(token)},`
  return ({ event, body }) => {
    const head = event === STARTED ? nameAndToken : name
    return { body: typeof body === 'string' ? head + body.slice(1) : { ...body, prefix: head + body.prefix.slice(1) } }
  }
}
