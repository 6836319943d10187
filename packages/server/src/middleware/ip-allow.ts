import { HeadwayError } from '@headway/core'
import type { MiddlewareHandler } from 'hono'
import type { ServerEnv } from '../context.js'
import type { AddressSet } from '../net/addresses.js'

/** Lets only listed addresses in. */
export function ipAllow(allowed: AddressSet): MiddlewareHandler<ServerEnv> {
  return (c, next) => {
    if (!allowed.has(c.var.client.ip)) throw ipNotAllowed(c.var.client.ip)
    return next()
  }
}

export function ipNotAllowed(ip: string): HeadwayError {
  return new HeadwayError('IP_NOT_ALLOWED', `Requests from ${ip} are not allowed here.`)
}
