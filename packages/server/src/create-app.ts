import { HeadwayError } from '@headway/core'
import { Hono } from 'hono'
import type { Registry } from 'prom-client'
import { setAnswerHeader } from './answer-headers.js'
import type { ClientInfo, ServerApp, ServerContext, ServerEnv } from './context.js'
import { methodTable } from './errors/method-table.js'
import type { MethodTable } from './errors/method-table.js'
import { errorRenderer } from './errors/render.js'
import type { Access, ServerKit } from './kit.js'
import { requestLog } from './log/request-log.js'
import { commonHeaders } from './middleware/common-headers.js'
import { cors } from './middleware/cors.js'
import type { OriginList } from './middleware/cors.js'
import { ipAllow } from './middleware/ip-allow.js'
import { mountControl } from './native/control.js'
import { mountCreate } from './native/create.js'
import { mountEvents } from './native/events.js'
import { mountFollow } from './native/follow.js'
import { mountRead } from './native/read.js'
import { mountResult } from './native/result.js'
import { mountStats } from './native/stats.js'
import { mountTicket } from './native/ticket.js'
import { mountTypes } from './native/types.js'
import type { AddressSet } from './net/addresses.js'
import type { Pages } from './pages/read-pages.js'
import type { Service } from './service.js'
import { mountApiDocuments } from './system/api-documents.js'
import { mountDescriptions } from './system/descriptions.js'
import { mountHealth } from './system/health.js'
import type { HealthOptions } from './system/health.js'
import { engineMetrics } from './system/metrics.js'
import { mountMetrics } from './system/mount-metrics.js'
import type { Nodes } from './system/nodes.js'
import { requestMetrics } from './system/request-metrics.js'

export interface AppOptions {
  readonly kit: ServerKit
  readonly services: readonly Service[]
  readonly clientOf: (request: ServerEnv['Bindings']['incoming']) => ClientInfo
  /** Absent: all addresses. */
  readonly allowed: AddressSet | undefined
  readonly origins: OriginList
  readonly registry: Registry
  readonly metricsAccess: Access
  readonly health: HealthOptions
  readonly nodes: Nodes
  /** See `ServerOptions`. */
  readonly api: boolean
  /** What people get at `/`. */
  readonly pages: Pages | undefined
  /** Answers then close their connections, so that the server comes to its end. */
  readonly draining: AbortSignal
  /** Whether a WebSocket can be had at this path. */
  readonly isSocket: (path: string) => boolean
}

/** All routes with all that stands before them. */
export function createApp(options: AppOptions): ServerApp {
  const { kit, services, registry } = options
  const app: ServerApp = new Hono<ServerEnv>()
  app.use(commonHeaders(({ incoming }) => options.clientOf(incoming), options.draining))
  app.use(requestLog(requestMetrics(registry)))
  if (options.allowed !== undefined) app.use(ipAllow(options.allowed))
  app.use(cors(options.origins))

  // A service takes what its jobs need of the kit when it is mounted: without the API its routes are where nobody can ask.
  mountApi(options.api ? app : new Hono<ServerEnv>(), options)
  mountHealth(app, options.health)
  mountMetrics(app, kit, registry, engineMetrics(registry, kit.engine, kit.delivery.watchers), options.metricsAccess)
  if (options.api) {
    mountDescriptions(app, kit, options.pages)
    mountApiDocuments(app, kit, services)
  }

  const render = errorRenderer(services)
  app.onError((error, c) => render(error, c))
  const methods = methodTable(app)
  app.notFound((c) => (options.isSocket(c.req.path) ? withoutUpgrade(c, render) : unknownRoute(c, methods, render, options.api)))
  return app
}

function mountApi(app: ServerApp, { kit, services, nodes }: AppOptions): void {
  mountCreate(app, kit)
  mountRead(app, kit)
  mountEvents(app, kit)
  mountFollow(app, kit)
  mountControl(app, kit)
  mountTicket(app, kit)
  mountResult(app, kit)
  mountTypes(app, kit)
  mountStats(app, kit, nodes)
  for (const service of services) service.mount(app, kit)
}

type Render = (error: HeadwayError, c: ServerContext) => Response

/** A plain request where only WebSockets are. */
function withoutUpgrade(c: ServerContext, render: Render): Response {
  if (c.req.method !== 'GET' && c.req.method !== 'OPTIONS') {
    setAnswerHeader(c, 'Allow', 'GET')
    return render(new HeadwayError('METHOD_NOT_ALLOWED', 'This path takes WebSockets only, which begin with GET.'), c)
  }
  setAnswerHeader(c, 'Upgrade', 'websocket')
  // Upgrade is for this connection only, and must be named as such (RFC 9110, 7.8).
  setAnswerHeader(c, 'Connection', c.var.answerHeaders['Connection'] === undefined ? 'Upgrade' : 'close, Upgrade')
  return render(new HeadwayError('UPGRADE_REQUIRED', 'This path takes WebSockets only: connect to it with a WebSocket client.'), c)
}

function unknownRoute(c: ServerContext, methods: MethodTable, render: Render, api: boolean): Response {
  const allowed = methods.allowed(c.req.path)
  if (allowed.length === 0) {
    const message = api
      ? 'There is nothing at this path. /openapi.json lists what there is.'
      : 'This node runs jobs and answers only /health and /metrics; ask one that serves the API.'
    return render(new HeadwayError('NOT_FOUND', message), c)
  }
  const allow = allowed.join(', ')
  setAnswerHeader(c, 'Allow', allow)
  if (c.req.method === 'OPTIONS') return c.body(null, 204)
  return render(new HeadwayError('METHOD_NOT_ALLOWED', `This path knows ${allow}.`), c)
}
