import { getRequestListener } from '@hono/node-server'
import { systemClock } from '@headway/core'
import type { IncomingMessage } from 'node:http'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { ApiKeys } from './auth/api-keys.js'
import { Authorizer, BAD_CREDENTIALS_LIMIT } from './auth/authorizer.js'
import { SigningKeys } from './auth/signing-keys.js'
import { Tokens } from './auth/tokens.js'
import type { ClientInfo, ServerApp } from './context.js'
import { createApp } from './create-app.js'
import { createKit } from './create-kit.js'
import { createDelivery } from './delivery/delivery.js'
import { createSocketRouter } from './delivery/websocket.js'
import { Limits } from './limits/limits.js'
import { redactUrl } from './log/redact.js'
import { originList } from './middleware/cors.js'
import { nativeSocketOf } from './native/socket.js'
import { parseAddressSet } from './net/addresses.js'
import { badRequestResponse, refuseWithoutHost } from './net/client-errors.js'
import { clientInfoOf } from './net/client-info.js'
import { HttpListener } from './net/http-listener.js'
import { refuseUpgrade } from './net/refuse-upgrade.js'
import { readPagesIfGood } from './pages/read-pages.js'
import { Nodes } from './system/nodes.js'
import { SERVER_DEFAULTS } from './options.js'
import type { ServerOptions } from './options.js'
import { serviceMetrics } from './system/service-metrics.js'

/** Where a server listens. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
  /** With a slash at the end. */
  readonly url: string
}

/** A Headway server. Whoever made its engine starts and closes that. */
export interface Server {
  /** The routes, for tests and for embedding. */
  readonly app: ServerApp
  /** Starts the services and listens. @throws Error with `code` EADDRINUSE or EACCES when it can't */
  listen(): Promise<ServerAddress>
  /** Takes on nothing new and says so in /health/ready; streams and requests go on. */
  drain(): void
  /**
   * Ends everything: streams between two events, each told to come back at another moment; requests when they are answered, or
   * after `closeGraceMs`. Can be called more than once.
   */
  close(): Promise<void>
}

/** No token is good for longer, whatever a service asks for: signing keys are kept so long after they were replaced. */
const MAX_TOKEN_MS = 7 * 24 * 60 * 60_000

/**
 * Makes a server on an engine.
 *
 * @throws Error when an option makes no sense (an address list, an origin, a key)
 */
export function createServer(given: ServerOptions): Server {
  const options = { ...SERVER_DEFAULTS, ...given }
  const { engine, services = [], clock = systemClock, version } = options
  const log = options.log ?? pino({ level: 'silent' })
  const draining = new AbortController()
  const closing = new AbortController()

  const shared = options.manyNodes ? engine.stores.keyValues : undefined
  const limits = new Limits({
    limits: { ...SERVER_DEFAULTS.limits, ...Object.assign({}, ...services.map((service) => service.limits)), ...given.limits },
    shared,
    alone: [BAD_CREDENTIALS_LIMIT],
    maxKeys: options.maxLimitedAddresses,
    log,
  })
  const signingKeys = new SigningKeys({
    store: engine.stores.keyValues,
    clock,
    rotateAfterMs: options.rotateKeysAfterMs,
    maxTokenMs: MAX_TOKEN_MS,
  })
  const tokens = new Tokens(signingKeys, clock, MAX_TOKEN_MS)
  const authorizer = new Authorizer({ engine, keys: new ApiKeys(options.apiKeys ?? []), tokens, limits })
  const delivery = createDelivery(engine, {
    ...options.delivery,
    onError: (error, doing) => log.warn({ err: error, doing }, 'a stream was ended'),
  })
  const trusted = parseAddressSet(options.trustProxy)
  const allowed = options.ipAllow.length === 0 ? undefined : parseAddressSet(options.ipAllow)
  const listener = new HttpListener(options)
  const clientOf = (request: IncomingMessage): ClientInfo => clientInfoOf(request, { trusted, log, fallbackHost: () => listener.authority })
  const registry = new Registry()
  const kit = createKit({
    engine,
    delivery,
    log,
    version,
    metrics: serviceMetrics(registry),
    authorizer,
    tokens,
    limits,
    clientOf,
    publicUrl: options.publicUrl,
    maxJsonBytes: options.maxJsonBytes,
    maxPreferWaitSeconds: options.maxPreferWaitSeconds,
    jobTokenMs: options.jobTokenMs,
    api: options.api,
    draining: draining.signal,
    closing: closing.signal,
  })

  const nodes = new Nodes({ engine, watchers: delivery.watchers, shared, log })
  const sockets = createSocketRouter({
    delivery,
    allowedOrigins: options.corsOrigins,
    refuse({ request }) {
      const client = clientOf(request)
      client.log.info({ url: redactUrl(request.url ?? ''), ip: client.ip }, 'upgrade')
      return refuseUpgrade(client, { allowed, limits })
    },
  })
  const app = createApp({
    kit,
    services,
    clientOf,
    allowed,
    origins: originList(options.corsOrigins),
    registry,
    nodes,
    api: options.api,
    metricsAccess: options.metricsAccess,
    health: {
      stores: engine.stores,
      version,
      draining: draining.signal,
      storeCheckMs: options.storeCheckMs,
      storeCheckKeptMs: options.storeCheckKeptMs,
    },
    pages: options.pages && readPagesIfGood(options.pages.folder, log),
    draining: draining.signal,
    isSocket: (path) => sockets.has(path),
  })
  if (options.api) {
    sockets.add(nativeSocketOf({ delivery, version, callerOf: kit.callerOf }))
    for (const service of services) for (const protocol of service.sockets?.(kit) ?? []) sockets.add(protocol)
  }

  const onRequest = getRequestListener((request, env) => app.fetch(request, env), {
    hostname: options.host,
    overrideGlobalObjects: false,
    errorHandler: () => badRequestResponse(),
  })
  listener.server.on('request', (request, response) => {
    if (!refuseWithoutHost(request, response)) void onRequest(request, response)
  })
  sockets.attach(listener.server)

  let closed: Promise<void> | undefined
  async function close(): Promise<void> {
    draining.abort()
    closing.abort()
    const stopped = listener.close(options.closeGraceMs)
    await delivery.watchers.drain(options.closeGraceMs)
    await stopped
    await nodes.close()
    for (const service of services) await service.close?.()
  }
  return {
    app,
    async listen() {
      for (const service of services) {
        for (const type of service.jobTypes) engine.register(type)
        await service.start?.(kit)
      }
      await listener.listen()
      nodes.start()
      return { host: listener.host, port: listener.port, url: `http://${listener.authority}/` }
    },
    drain: () => draining.abort(),
    close: () => (closed ??= close()),
  }
}
