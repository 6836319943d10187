import { HeadwayError } from '@headway/core'
import { nativeSocket } from '@headway/server'
import type { SocketProtocol } from '@headway/server'
import { openHarness } from './harness.js'
import type { Harness, HarnessOptions } from './harness.js'

/** A harness with the native protocol at `/ws`: the token `reader` reads, `writer` may do all, none brings its token with each message. */
export function openNative(options: HarnessOptions = {}): Promise<Harness> {
  return openHarness({
    ...options,
    protocols: (delivery) => [
      nativeSocket<string | undefined>({
        delivery,
        version: '1.2.3',
        authenticate({ token }) {
          const known = token === undefined || token === 'reader' || token === 'writer'
          return Promise.resolve(known ? { principal: token } : { refused: 'unauthorized', message: 'The token is not valid.' })
        },
        authorizeJob(principal, jobId, right, token) {
          const who = token ?? principal
          if (who === undefined) throw new HeadwayError('UNAUTHORIZED', 'A token is needed.')
          if (who !== 'writer' && right === 'control') throw new HeadwayError('FORBIDDEN', 'This token only reads.')
          return delivery.engine.get(jobId)
        },
        authorizeLists(principal) {
          if (principal === undefined) throw new HeadwayError('FORBIDDEN', 'A token is needed.')
          return Promise.resolve()
        },
      }),
      ...(options.protocols?.(delivery) ?? []),
    ],
  })
}

/** A protocol that does what a test needs. */
export function testProtocol(parts: Partial<SocketProtocol>): SocketProtocol {
  return {
    path: '/test',
    maxMessageBytes: 1000,
    authenticate: () => Promise.resolve({ principal: undefined }),
    open: () => ({ message: () => undefined }),
    error: (code, message) => JSON.stringify({ type: 'error', code, message }),
    ...parts,
  }
}
