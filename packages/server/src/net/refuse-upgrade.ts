import { ERROR_CODES } from '@headway/protocol'
import type { HeadwayError } from '@headway/core'
import type { ClientInfo } from '../context.js'
import type { UpgradeRefusal } from '../delivery/websocket-protocol.js'
import { errorHeaders, PROBLEM_CONTENT_TYPE, problemOf } from '../errors/problem.js'
import type { Limits } from '../limits/limits.js'
import { limitExceeded } from '../limits/limits.js'
import { ipNotAllowed } from '../middleware/ip-allow.js'
import type { AddressSet } from './addresses.js'

/** What an upgrade must pass before it is looked at: the same address list and limit as a request. */
export async function refuseUpgrade(
  client: ClientInfo,
  options: { readonly allowed: AddressSet | undefined; readonly limits: Limits },
): Promise<UpgradeRefusal | undefined> {
  if (options.allowed !== undefined && !options.allowed.has(client.ip)) return refusal(ipNotAllowed(client.ip), client)
  const state = await options.limits.consume('api', client.ip)
  return state?.exceeded === true ? refusal(limitExceeded(state), client) : undefined
}

function refusal(error: HeadwayError, client: ClientInfo): UpgradeRefusal {
  return {
    status: ERROR_CODES[error.code].status,
    headers: { ...errorHeaders(error), 'Content-Type': PROBLEM_CONTENT_TYPE },
    body: JSON.stringify(problemOf(error, client.requestId)),
  }
}
