import type { createRoute } from '@hono/zod-openapi'
import type { Handler, MiddlewareHandler } from 'hono'
import type { ServerApp, ServerEnv } from './context.js'

/** A route as OpenAPI describes it: method, path with `{names}`, request, responses. */
export type RouteDescription = Parameters<typeof createRoute>[0]

/**
 * Adds a route together with its description. What comes in is checked by the handler (`kit.readJson`, `kit.readQuery`), not by the
 * description, so that limits hold while a body is read and errors have one shape.
 *
 * @param handlers middleware, then the handler
 */
export function addRoute(
  app: ServerApp,
  description: RouteDescription,
  ...handlers: [...MiddlewareHandler<ServerEnv>[], Handler<ServerEnv>]
): void {
  app.openAPIRegistry.registerPath(description)
  app.on([description.method.toUpperCase()], [description.path.replaceAll(/\{(.+?)\}/g, ':$1')], ...handlers)
}
