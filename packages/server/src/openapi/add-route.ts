import type { Handler, MiddlewareHandler } from 'hono'
import type { ServerApp, ServerEnv } from '../context.js'
import { isEventStream } from './route-description.js'
import type { RouteDescription } from './route-description.js'

/** Described when the description is asked for: schemas take their time, and a server should start soon. */
const routesOf = new WeakMap<ServerApp, RouteDescription[]>()

/** The descriptions of all routes that were added to an app, in that order. */
export function describedRoutes(app: ServerApp): readonly RouteDescription[] {
  return routesOf.get(app) ?? []
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
  const routes = routesOf.get(app) ?? []
  routes.push(description)
  routesOf.set(app, routes)
  // A ticket is for an EventSource, which can send no header: it opens streams only.
  const marks = isEventStream(description) ? [markTickets] : []
  app.on([description.method.toUpperCase()], [description.path.replaceAll(/\{(.+?)\}/g, ':$1')], ...marks, ...handlers)
}

const markTickets: MiddlewareHandler<ServerEnv> = (c, next) => {
  c.set('takesTickets', true)
  return next()
}
