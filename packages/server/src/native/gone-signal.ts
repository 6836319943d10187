import type { ServerContext } from '../context.js'

/** Aborted when the client goes away. */
export function goneSignal(c: ServerContext): AbortSignal {
  const gone = new AbortController()
  c.env.outgoing.once('close', () => gone.abort())
  return gone.signal
}
