import { HeadwayError } from '@headway/core'
import type { StoredJob } from '@headway/core'
import { jobIdSchema } from '@headway/protocol'
import type { ServerKit, SocketCaller, SocketProtocol } from '@headway/server'
import { kindOf } from '../kinds.js'
import { SOCKET_PATH } from '../paths.js'
import { shownCode } from '../render-error.js'
import { ProgressSocketHandler } from './progress-socket-handler.js'

/** The largest message of a client, in bytes. */
const MAX_MESSAGE_BYTES = 4 * 1024

export interface ProgressSocketOptions {
  /** Whether `?token=` in the URL counts: it stood there in old clients, and in the logs of everybody between. */
  readonly urlTokens: boolean
  /** Streaming begins without `ready` after so long, in milliseconds. */
  readonly readyMs: number
}

interface Opened {
  readonly job: StoredJob
  readonly mayControl: () => Promise<void>
}

/** `/ws/progress?jobId=`: one job for each connection. */
export function progressSocket(kit: ServerKit, { urlTokens, readyMs }: ProgressSocketOptions): SocketProtocol<Opened> {
  return {
    path: SOCKET_PATH,
    maxMessageBytes: MAX_MESSAGE_BYTES,
    async authenticate(request) {
      const jobId = idOf(request.url)
      const caller: SocketCaller = kit.callerOf(request)
      const urlToken = urlTokens ? (request.url.searchParams.get('token') ?? undefined) : undefined
      const token = caller.showsNothing ? urlToken : undefined
      const job = await caller.authorizeJob(jobId, 'read', token)
      if (kindOf(job) === undefined) throw new HeadwayError('JOB_NOT_FOUND', `There is no job ${jobId} here; it may have been pruned.`)
      const mayControl = async (): Promise<void> => void (await caller.authorizeJob(jobId, 'control', token))
      return { principal: { job, mayControl } }
    },
    open: (session, { job, mayControl }) => new ProgressSocketHandler({ kit, session, job, mayControl, readyMs }),
    error: (code, message, about) => JSON.stringify({ type: 'error', ...jobIdOf(about), error: { code: shownCode(code), message } }),
  }
}

/** @throws HeadwayError VALIDATION_ERROR, which no token can mend */
function idOf(url: URL): string {
  const id = jobIdSchema.safeParse(url.searchParams.get('jobId'))
  if (id.success) return id.data
  throw new HeadwayError('VALIDATION_ERROR', `The URL names no job: it is ${SOCKET_PATH}?jobId= with the id of one, a UUID.`)
}

/** The job that a refused message spoke of, as far as it can be told. */
function jobIdOf(about: unknown): { jobId?: string } {
  const isObject = typeof about === 'object' && about !== null
  return isObject && 'jobId' in about && typeof about.jobId === 'string' ? { jobId: about.jobId.slice(0, 64) } : {}
}
