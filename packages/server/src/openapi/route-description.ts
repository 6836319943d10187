import type { ErrorCode, Problem } from '@headway/protocol'
import type { z } from 'zod'
import type { ChannelDescription } from '../asyncapi/channel-description.js'

/** An example of a JSON body, by a name of its own. */
export type Examples = Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>

/** What one status of a route answers. */
export interface ResponseDescription {
  readonly description: string
  /** By media type: the schema of the body; the channel whose messages a stream has; undefined where there is nothing to say. */
  readonly content?: Readonly<Record<string, z.ZodType | ChannelDescription | undefined>>
  /** Of the JSON body, where the schema's own does not do. */
  readonly examples?: Examples
  /** Header fields worth knowing, with what they say. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What opens a route: an API key; the job's token or a key; nothing, but a key that is sent is checked; or nothing at all. */
export type DescribedAccess = 'key' | 'job' | 'optional' | 'public'

/** How the errors of a service look. */
export interface ErrorBodyDescription {
  readonly contentType: string
  readonly schema: z.ZodType
  /** The body that says the same as a problem document; the document itself by default. */
  readonly example?: (problem: Problem) => unknown
}

/** A route as the API description shows it. */
export interface RouteDescription {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** With parameters in braces: `/jobs/{id}/events`. */
  readonly path: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly access: DescribedAccess
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly headers?: z.ZodObject
  readonly body?: {
    readonly schema: z.ZodType
    readonly required: boolean
    readonly contentType?: string
    /** Where the schema's own does not do. */
    readonly examples?: Examples
  }
  readonly responses: Readonly<Record<number, ResponseDescription>>
  /** What can go wrong here, beside what can go wrong everywhere. */
  readonly errors?: readonly ErrorCode[]
  /** How errors look: a problem document unless a service shows them otherwise. */
  readonly errorBody?: ErrorBodyDescription
}

/** Whether a route is a stream that an EventSource can read. */
export function isEventStream({ method, responses }: Pick<RouteDescription, 'method' | 'responses'>): boolean {
  return method === 'get' && Object.values(responses).some(({ content = {} }) => Object.hasOwn(content, 'text/event-stream'))
}
