import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { HeadwayError } from '@headway/core'
import { CLOSE_CODES, ERROR_CODES } from '@headway/protocol'
import type { ErrorCode } from '@headway/protocol'
import { WebSocketServer } from 'ws'
import { errorHeaders, PROBLEM_CONTENT_TYPE, problemOf, problemType } from '../errors/problem.js'
import { originList } from '../middleware/cors.js'
import type { OriginList } from '../middleware/cors.js'
import { answerWithoutUpgrade, asksForWebSocket } from '../net/plain-upgrades.js'
import type { Delivery } from './delivery.js'
import { OversizedSocket } from './oversized-socket.js'
import { comebackMs } from './settings.js'
import type { SocketProtocol, SocketRequest, UpgradeRefusal } from './websocket-protocol.js'
import { Session } from './websocket-session.js'

export interface SocketRouterOptions {
  readonly delivery: Delivery
  /** Origins of web pages that may connect; `*` allows all. A page of this server may, and whoever sends no Origin (it is no browser). */
  readonly allowedOrigins: readonly string[]
  /** Refuses an upgrade with an HTTP answer: for address lists and limits. */
  readonly refuse?: (request: SocketRequest) => Promise<UpgradeRefusal | undefined>
}

/** Gives each upgrade of a server to the protocol at its path. */
export interface SocketRouter {
  /** @throws Error when the path is taken */
  add(protocol: SocketProtocol): void
  /** Whether a protocol is at this path. */
  has(path: string): boolean
  /** Takes the upgrades of this server. */
  attach(server: Server): void
}

/** The version of the protocol that RFC 6455 describes. */
const SOCKET_VERSION = '13'

interface Route {
  readonly protocol: SocketProtocol
  readonly server: WebSocketServer
}

/**
 * Makes a router without protocols. Its sockets are counted, limited and drained by the delivery's watchers.
 *
 * @throws Error that names the allowed origin which is none
 */
export function createSocketRouter(options: SocketRouterOptions): SocketRouter {
  const routes = new Map<string, Route>()
  const origins = originList(options.allowedOrigins)
  return {
    add(protocol) {
      if (routes.has(protocol.path)) throw new Error(`There is a socket at ${protocol.path} already.`)
      routes.set(protocol.path, { protocol, server: socketServer(protocol) })
    },
    has: (path) => routes.has(path),
    attach(server) {
      server.on('upgrade', (request, socket, head) => {
        if (asksForWebSocket(request)) void upgrade({ ...options, origins }, routes, request, socket, head)
        else answerWithoutUpgrade(server, request, socket, head)
      })
    },
  }
}

function socketServer(protocol: SocketProtocol): WebSocketServer {
  const server = new WebSocketServer({
    noServer: true,
    WebSocket: OversizedSocket,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    // A message that is too long is answered with an error; beyond this, the socket is closed with 1009, too.
    maxPayload: protocol.maxMessageBytes * 2,
    // The token: a browser refuses the connection when it is not echoed.
    handleProtocols: (offered) => offered.values().next().value ?? false,
  })
  return server.on('wsClientError', (error, socket, request) => refuse(socket, handshakeRefusal(error, request)))
}

async function upgrade(
  options: SocketRouterOptions & { readonly origins: OriginList },
  routes: ReadonlyMap<string, Route>,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  // Until the socket has an owner, its errors must not end the process.
  const ignore = (): void => undefined
  socket.on('error', ignore)
  const asked = socketRequest(request)
  const route = asked && routes.get(asked.url.pathname)
  if (asked === undefined || route === undefined) return refuse(socket, refusal('NOT_FOUND'))
  if (!originAllowed(request, options.origins)) return refuse(socket, refusal('FORBIDDEN'))
  try {
    const refused = (await options.refuse?.(asked)) ?? (await route.protocol.refuse?.(asked))
    if (refused !== undefined) return refuse(socket, refused)
  } catch (error) {
    if (error instanceof HeadwayError) return refuse(socket, refusal(error.code, error))
    options.delivery.onError(error, 'looking at an upgrade')
    return refuse(socket, refusal('INTERNAL_ERROR'))
  }
  socket.off('error', ignore)
  route.server.handleUpgrade(request, socket, head, (ws) => {
    const { watchers, settings } = options.delivery
    if (watchers.admits) void new Session(options.delivery, route.protocol, ws, socket).begin(asked)
    // A browser can't see why an upgrade was refused: so this one is accepted, and told.
    else ws.close(watchers.draining ? CLOSE_CODES.restart : CLOSE_CODES.tryLater, `retry after ${comebackMs(settings)} ms`)
  })
}

function socketRequest(request: IncomingMessage): SocketRequest | undefined {
  // Joined, not resolved: `//host/ws` is not the path `/ws`.
  const url = `http://localhost${request.url}`
  if (request.url?.startsWith('/') !== true || !URL.canParse(url)) return undefined
  const token = request.headers['sec-websocket-protocol']?.split(',')[0]?.trim()
  return { request, url: new URL(url), token: token === '' ? undefined : token }
}

function originAllowed(request: IncomingMessage, origins: OriginList): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || origins.allows(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

/** The answer to a handshake that is not as RFC 6455 (4.2) has it. `error` says what is wrong with its header fields. */
function handshakeRefusal({ message }: Error, { method, headers }: IncomingMessage): UpgradeRefusal {
  if (method !== 'GET') {
    const refused = refusal('METHOD_NOT_ALLOWED', new HeadwayError('METHOD_NOT_ALLOWED', 'A WebSocket begins with GET.'))
    return { ...refused, headers: { ...refused.headers, Allow: 'GET' } }
  }
  if (headers['sec-websocket-key'] !== undefined && headers['sec-websocket-version'] !== SOCKET_VERSION) {
    const detail = `The header field Sec-WebSocket-Version must say ${SOCKET_VERSION}.`
    const refused = refusal('UPGRADE_REQUIRED', new HeadwayError('UPGRADE_REQUIRED', detail))
    const version = { Upgrade: 'websocket', 'Sec-WebSocket-Version': SOCKET_VERSION, Connection: 'close, Upgrade' }
    return { ...refused, headers: { ...refused.headers, ...version } }
  }
  return refusal('BAD_REQUEST', new HeadwayError('BAD_REQUEST', `This is no handshake of a WebSocket: ${message}.`))
}

function refusal(code: ErrorCode, error?: HeadwayError): UpgradeRefusal {
  const { status, title } = ERROR_CODES[code]
  return {
    status,
    headers: { ...(error && errorHeaders(error)), 'Content-Type': PROBLEM_CONTENT_TYPE },
    body: JSON.stringify(error ? problemOf(error, undefined) : { type: problemType(code), title, status, code }),
  }
}

function refuse(socket: Duplex, { status, headers, body }: UpgradeRefusal): void {
  const all = { ...headers, 'Content-Length': String(Buffer.byteLength(body)), Connection: headers?.['Connection'] ?? 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`)
  socket.once('finish', () => socket.destroy())
}
