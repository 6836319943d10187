import type { ErrorCode } from '@headway/protocol'
import type { Handler, MiddlewareHandler } from 'hono'
import type { z } from 'zod'
import type { ServerApp, ServerEnv } from '../context.js'
import { operationOf } from './operation.js'

/** What one status of a route answers. */
export interface ResponseDescription {
  readonly description: string
  /** By media type; undefined where the body has no schema (a stream). */
  readonly content?: Readonly<Record<string, z.ZodType | undefined>>
  /** Header fields worth knowing, with what they say. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A route as the API description shows it. */
export interface RouteDescription {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** With parameters in braces: `/jobs/{id}/events`. */
  readonly path: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  /** What opens it: an API key; the job's token or a key; or nothing. */
  readonly access: 'key' | 'job' | 'public'
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly headers?: z.ZodObject
  readonly body?: { readonly schema: z.ZodType; readonly required: boolean; readonly contentType?: string }
  readonly responses: Readonly<Record<number, ResponseDescription>>
  /** What can go wrong here, beside what can go wrong everywhere. */
  readonly errors?: readonly ErrorCode[]
  /** How errors look: a problem document unless a service shows them otherwise. */
  readonly errorBody?: { readonly contentType: string; readonly schema: z.ZodType }
}

/**
 * Adds a route together with its description. What comes in is checked by the handler (`kit.readJson`, `kit.readQuery`, `kit.readParams`), not by
 * the description, so that limits hold while a body is read and all errors have one shape. A GET that may answer with
 * `text/event-stream` is a stream: tickets open it.
 *
 * @param handlers middleware, then the handler
 */
export function addRoute(
  app: ServerApp,
  description: RouteDescription,
  ...handlers: [...MiddlewareHandler<ServerEnv>[], Handler<ServerEnv>]
): void {
  const { operation, named } = operationOf(description)
  const { openAPIRegistry } = app
  const known = new Set(openAPIRegistry.definitions.flatMap((definition) => (definition.type === 'component' ? [definition.name] : [])))
  for (const [name, schema] of Object.entries(named)) {
    if (!known.has(name)) openAPIRegistry.registerComponent('schemas', name, schema)
  }
  openAPIRegistry.registerPath(operation)
  const marks = takesTickets(description) ? [markTickets] : []
  app.on([description.method.toUpperCase()], [description.path.replaceAll(/\{(.+?)\}/g, ':$1')], ...marks, ...handlers)
}

/** A ticket is for an EventSource, which can send no header: it opens streams only. */
function takesTickets({ method, responses }: RouteDescription): boolean {
  return method === 'get' && Object.values(responses).some(({ content = {} }) => Object.hasOwn(content, 'text/event-stream'))
}

const markTickets: MiddlewareHandler<ServerEnv> = (c, next) => {
  c.set('takesTickets', true)
  return next()
}
