import { HeadwayError } from '@headway/core'
import type { ServerKit, SocketCaller, SocketProtocol, UpgradeRefusal } from '@headway/server'
import { z } from 'zod'
import type { Compilations } from '../compilations.js'
import type { RequestCheck } from '../request-check.js'
import { CompileSocketHandler } from './compile-socket-handler.js'
import { errorMessage } from './say.js'

export const COMPILE_SOCKET_PATH = '/ws/compile'

/** The largest message of a client, in bytes, where nothing else is set: pre-fetched texts are in it. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024

export interface CompileSocketOptions {
  /** A socket without a running compilation that says nothing for so long is closed with 4408, in milliseconds. */
  readonly idleMs: number
  readonly check: RequestCheck
  /** The largest message of a client, in bytes. 4 MiB by default. */
  readonly maxMessageBytes?: number
}

/** `/ws/compile`: several compilations on one connection. Its messages are in `messages.ts`. */
export function compileSocket(
  kit: ServerKit,
  compilations: Compilations,
  { idleMs, check, maxMessageBytes = MAX_MESSAGE_BYTES }: CompileSocketOptions,
): SocketProtocol<SocketCaller> {
  return {
    path: COMPILE_SOCKET_PATH,
    idleMs,
    maxMessageBytes,
    async refuse(request) {
      const caller = kit.callerOf(request)
      try {
        // Who has no key uses up nothing: `authenticate` then tells them, where a browser sees it.
        if (compilations.access === 'key' && !(await isKnown(caller))) return undefined
        await compilations.admit(caller.ip)
        return undefined
      } catch (error) {
        if (error instanceof HeadwayError && error.code === 'RATE_LIMIT_EXCEEDED') return tooMany(error)
        throw error
      }
    },
    async authenticate(request) {
      const caller = kit.callerOf(request)
      await caller.check()
      if (compilations.access === 'key' && caller.showsNothing) {
        return { refused: 'unauthorized', message: 'An API key is needed, as the subprotocol or in X-API-Key.' }
      }
      return { principal: caller }
    },
    open: (session, caller) => new CompileSocketHandler({ compilations, check }, session, caller, kit.version),
    error: errorMessage,
  }
}

/** Whether a caller shows something that is good for anything at all. @throws HeadwayError RATE_LIMIT_EXCEEDED after too many that are not */
async function isKnown(caller: SocketCaller): Promise<boolean> {
  if (caller.showsNothing) return false
  try {
    await caller.check()
    return true
  } catch (error) {
    if (error instanceof HeadwayError && (error.code === 'UNAUTHORIZED' || error.code === 'TOKEN_EXPIRED')) return false
    throw error
  }
}

/** The answer to an upgrade over the limit, as the HTTP routes give it. */
function tooMany(error: HeadwayError): UpgradeRefusal {
  return {
    status: 429,
    headers: { 'Content-Type': 'application/json', ...limitHeaders(error) },
    body: JSON.stringify({ success: false, error: error.message, code: error.code }),
  }
}

const detailsSchema = z.object({ limit: z.string(), requests: z.int(), windowSeconds: z.number() })

/** The header fields of an answer over the limit: as the contract names them, the whole window in `Retry-After`. */
function limitHeaders({ details, retryAfterSeconds = 1 }: HeadwayError): Record<string, string> {
  const { limit, requests, windowSeconds } = detailsSchema.parse(details)
  return {
    'Retry-After': String(windowSeconds),
    'RateLimit-Policy': `"${limit}";q=${requests};w=${windowSeconds}`,
    RateLimit: `"${limit}";r=0;t=${retryAfterSeconds}`,
  }
}
