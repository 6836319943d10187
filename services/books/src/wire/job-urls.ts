import type { StoredJob } from '@headway/core'
import type { ServerContext, ServerKit } from '@headway/server'
import { SOCKET_PATH, pathOf } from './paths.js'

/** A URL that a bare EventSource can open: it carries a ticket, with which one can only look on. */
export async function streamUrlOf(c: ServerContext, kit: ServerKit, path: string, job: StoredJob): Promise<string> {
  const { token } = await kit.issueTicket(job)
  return kit.publicUrl(c, `${pathOf(path, job.id)}?ticket=${token}`)
}

/** The same for a bare WebSocket. */
export async function socketUrlOf(c: ServerContext, kit: ServerKit, job: StoredJob): Promise<string> {
  const { token } = await kit.issueTicket(job)
  return kit.publicUrl(c, `${SOCKET_PATH}?jobId=${job.id}&ticket=${token}`).replace(/^http/, 'ws')
}
