import type { Engine, StoredJob } from '@headway/core'
import { isTerminal } from '@headway/protocol'
import { setAnswerHeader } from '../answer-headers.js'
import type { ServerContext } from '../context.js'

/**
 * How long the client would wait, from `Prefer: wait=N` (RFC 7240). Undefined when it does not say, or not in whole seconds: a preference
 * that can't be understood is ignored.
 */
function preferredWaitSeconds(prefer: string | undefined): number | undefined {
  for (const preference of (prefer ?? '').split(',')) {
    const found = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;.*)?$/i.exec(preference)
    if (found !== null) return Number(found[1])
  }
  return undefined
}

/** See `ServerKit.waitIfPreferred`. @param stopping aborted when the server stops */
export async function waitIfPreferred(
  c: ServerContext,
  job: StoredJob,
  options: { readonly engine: Engine; readonly maxSeconds: number; readonly stopping: AbortSignal },
): Promise<StoredJob> {
  const asked = preferredWaitSeconds(c.req.header('prefer'))
  if (asked === undefined) return job
  const seconds = Math.min(asked, options.maxSeconds)
  setAnswerHeader(c, 'Preference-Applied', `wait=${seconds}`)
  if (seconds === 0 || isTerminal(job.status)) return job
  const over = new AbortController()
  const stop = (): void => over.abort()
  const timer = setTimeout(stop, seconds * 1000)
  options.stopping.addEventListener('abort', stop, { once: true })
  c.env.outgoing.once('close', stop)
  if (options.stopping.aborted || c.env.outgoing.destroyed) stop()
  try {
    return await options.engine.finished(job.id, over.signal)
  } finally {
    clearTimeout(timer)
    options.stopping.removeEventListener('abort', stop)
    c.env.outgoing.off('close', stop)
  }
}
