import { z } from 'zod'
import type { DescribedAccess, ErrorBodyDescription } from '../openapi/route-description.js'
import { pascal } from '../openapi/pascal.js'

/** One kind of message of a channel. */
export interface MessageDescription {
  /** Its key under `components` in both descriptions: `TaskLog`. The same name is the same message. */
  readonly name: string
  /** The `event:` of an SSE message; absent where the dialect gives none. */
  readonly event?: string
  /** False: this message never has an `id:`, because it belongs to one connection and not to the log. Only for SSE. */
  readonly hasId?: false
  readonly summary: string
  readonly description?: string
  /** The JSON of the message. */
  readonly schema: z.ZodType
  /** At least one; each fits the schema. */
  readonly examples: readonly [unknown, ...unknown[]]
}

/**
 * A message whose schema says of itself what it is (`description`) and gives examples.
 *
 * @throws Error when it does not
 */
export function messageOf(name: string, schema: z.ZodType, more: Pick<MessageDescription, 'event' | 'hasId'> = {}): MessageDescription {
  const { description, examples } = z.globalRegistry.get(schema) ?? {}
  if (description === undefined || !Array.isArray(examples) || examples.length === 0) {
    throw new Error(`The schema of the message "${name}" needs a description and an example (meta).`)
  }
  return { name, summary: description, schema, examples: examples as [unknown, ...unknown[]], ...more }
}

/** One message of a sample stream. */
export interface SampleMessage {
  readonly id?: string
  readonly event?: string
  readonly data: unknown
}

/** A stream or a socket, as the API descriptions show it. */
export interface ChannelDescription {
  /** Its key in the AsyncAPI description: `taskStream`. */
  readonly name: string
  readonly transport: 'sse' | 'websocket'
  /** With parameters in braces: `/jobs/{id}/events`. */
  readonly path: string
  /** How a stream is opened; a socket is always opened by GET. */
  readonly method?: 'get' | 'post'
  readonly tags: readonly string[]
  readonly title: string
  readonly description: string
  /** What opens it; that of a job also by a ticket. */
  readonly access: DescribedAccess
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly headers?: z.ZodObject
  /** What the server sends. */
  readonly sends: readonly MessageDescription[]
  /** What a client sends: over a WebSocket its messages, to a stream the body of the POST that opens it. */
  readonly takes?: readonly MessageDescription[]
  /** A short stream from its beginning to its end. Only for SSE. */
  readonly sample?: readonly SampleMessage[]
  /** How the service's own refusals of an upgrade look, beside the problem documents of the server. */
  readonly errorBody?: ErrorBodyDescription
  /** Close codes of a socket, with what each says. */
  readonly closes?: Readonly<Record<number, string>>
}

/** The name of a channel as the beginning of a component's name: `taskStream` gives `TaskStream`. */
export function componentName({ name }: Pick<ChannelDescription, 'name'>): string {
  return pascal(name)
}

/** The close codes of a channel as a list in Markdown; empty where there are none. */
export function closeList({ closes = {} }: ChannelDescription): string {
  const codes = Object.entries(closes).map(([code, what]) => `- ${code}: ${what}`)
  return codes.length === 0 ? '' : ['Close codes:', '', ...codes].join('\n')
}
