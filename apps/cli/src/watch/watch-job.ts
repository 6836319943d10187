import { isTerminal } from '@headway/protocol'
import type { Job, TerminalStatus } from '@headway/protocol'
import type { Api } from '../api/api.js'
import { RefusedError } from '../api/errors.js'
import { getJob } from '../api/find-job.js'
import { CommandError } from '../command-error.js'
import { EXIT, exitCodeOf } from '../exit-codes.js'
import { cancelUntilHeard } from './cancel-until-heard.js'
import { ConnectionNotes } from './connection-notes.js'
import type { JobDisplay } from './display.js'
import { endOf, followJob } from './follow-job.js'
import { StreamLostError, StreamRefusedError, StreamUnreadableError } from './follow-sse.js'
import type { StopSignals } from './stop-signals.js'

export interface WatchOptions {
  readonly api: Api
  readonly job: Pick<Job, 'id'>
  /** The seq of the last event that is not to be shown; 0 for all. */
  readonly after: number
  readonly display: JobDisplay
  readonly stop: StopSignals
  /** The first signal cancels the job instead of leaving it. */
  readonly cancelOnExit: boolean
  readonly giveUpAfterMs: number
  /** How to come back, for messages: what follows `headway watch ID`. */
  readonly comeBack: (after: number) => string
}

/** How a watch ended. */
export interface WatchEnd {
  readonly exitCode: number
  /** Undefined where the job goes on, or its end is not known. */
  readonly status?: TerminalStatus
}

/**
 * Shows a job until it ends or the user leaves.
 *
 * @throws CommandError when the server refuses, is none of ours, or is away for longer than `giveUpAfterMs`
 */
export async function watchJob(options: WatchOptions): Promise<WatchEnd> {
  // What a broken pipe ends with.
  process.exitCode = EXIT.unknown
  const { api, display, stop, comeBack } = options
  const { id } = options.job
  const leave = new AbortController()
  const notes = new ConnectionNotes((text) => display.note(text), options.giveUpAfterMs)
  let cancelling: Promise<void> | undefined
  let cancelFailure: unknown
  const onStop = (): void => {
    if (!options.cancelOnExit) return leave.abort()
    display.note('cancelling the job; once more to leave at once')
    cancelling = cancelUntilHeard(api, id, leave.signal).catch((error: unknown) => {
      // The stream is about to tell how it ended.
      if (isOver(error)) return
      cancelFailure = error
      leave.abort()
    })
  }
  let { after } = options
  let status: TerminalStatus | undefined
  try {
    if (stop.asked.aborted) onStop()
    else stop.asked.addEventListener('abort', onStop, { once: true })
    const url = api.url(`jobs/${id}/events`).href
    const { giveUpAfterMs } = options
    for await (const message of followJob({
      url,
      headers: api.headers,
      after,
      signal: leave.signal,
      giveUpAfterMs,
      onState: notes.tell,
    })) {
      display.show(message)
      after = message.kind === 'event' ? message.event.seq : message.reset.after
      if (message.kind === 'event') status = endOf(message.event)
      await display.room(leave.signal)
      // What came with this message is left for the next time: it may not be wanted where nobody reads.
      if (leave.signal.aborted) break
    }
    if (!leave.signal.aborted) return await ended(api, id, status)
  } catch (error) {
    throw explain(api, error, comeBack(after))
  } finally {
    stop.asked.removeEventListener('abort', onStop)
    notes.close()
    display.close()
    leave.abort()
    await cancelling
  }
  if (cancelFailure !== undefined) throw cancelFailure
  process.stderr.write(`headway: detached; the job goes on. To come back: ${comeBack(after)}\n`)
  return { exitCode: EXIT.unknown }
}

/** The stream has ended by itself: with the last event, or because none follows the cursor. */
async function ended(api: Api, id: string, seen: TerminalStatus | undefined): Promise<WatchEnd> {
  const status = seen ?? (await getJob(api, id)).status
  return isTerminal(status) ? { exitCode: exitCodeOf(status), status } : { exitCode: EXIT.unknown }
}

/** The job was over before the cancel came. */
function isOver(error: unknown): boolean {
  return error instanceof RefusedError && error.code === 'JOB_FINISHED'
}

function explain(api: Api, error: unknown, comeBack: string): unknown {
  if (error instanceof StreamLostError) {
    return new CommandError(`The server at ${api.base.href} can't be reached any more. To go on later: ${comeBack}`, EXIT.unreachable)
  }
  if (error instanceof StreamUnreadableError) return api.noHeadway(error.message)
  if (!(error instanceof StreamRefusedError)) return error
  let body: unknown
  try {
    body = JSON.parse(error.body)
  } catch {
    // It is told by its status then.
  }
  return api.refusal(error.status, body)
}
