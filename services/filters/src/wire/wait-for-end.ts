import { HeadwayError } from '@headway/core'
import type { Engine, LogEvent, StoredJob } from '@headway/core'
import { lifecycleSchemas } from '@headway/protocol'
import type { ServerContext } from '@headway/server'

/**
 * Waits for the end of a job, however long it takes.
 *
 * @returns undefined when the client went away; the job goes on
 * @throws HeadwayError SHUTTING_DOWN when the server stops first and the job goes on later
 */
export async function waitForEnd(c: ServerContext, engine: Pick<Engine, 'follow' | 'get'>, job: StoredJob): Promise<StoredJob | undefined> {
  const gone = new AbortController()
  const { outgoing } = c.env
  const leave = (): void => gone.abort()
  outgoing.once('close', leave)
  if (outgoing.destroyed) leave()
  try {
    for await (const events of engine.follow(job.id, { after: job.head, signal: gone.signal })) {
      if (events.some(isGivenBack)) throw serverStops(job.id)
    }
    return gone.signal.aborted ? undefined : await engine.get(job.id)
  } finally {
    outgoing.off('close', leave)
  }
}

function isGivenBack(event: LogEvent): boolean {
  return event.type === 'released' && lifecycleSchemas.released.parse(event.data).reason === 'server_stopped'
}

function serverStops(id: string): HeadwayError {
  return new HeadwayError('SHUTTING_DOWN', `The server is stopping. The compilation goes on later: see /queue/results/${id}.`, {
    retryAfterSeconds: 5,
  })
}
