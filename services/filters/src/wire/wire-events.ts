import type { LogEvent } from '@headway/core'
import { lifecycleSchemas } from '@headway/protocol'
import type { JobError } from '@headway/protocol'
import type { MessageBody } from '@headway/server'
import { compileResultSchema } from '../jobs/compile-result.js'
import type { CompileResult } from '../jobs/compile-result.js'
import { PROGRESS_EVENT, wireProgress } from '../jobs/progress.js'

/** One event as clients of this service see it: the `event:` of SSE, the `eventType` of the WebSocket. */
export interface WireEvent {
  readonly event: string
  /** The JSON text of `data`. */
  readonly data: MessageBody
}

/** How a compilation ended. */
export type CompileEnd =
  | { readonly how: 'completed'; readonly result: CompileResult }
  | { readonly how: 'failed'; readonly error: JobError }
  | { readonly how: 'cancelled'; readonly reason: string | undefined }

/** How the compilation ended, when this is the last event of its log. */
export function compileEndOf(event: LogEvent): CompileEnd | undefined {
  switch (event.type) {
    case 'completed':
      return { how: 'completed', result: compileResultSchema.parse(lifecycleSchemas.completed.parse(event.data).result) }
    case 'failed':
      return { how: 'failed', error: lifecycleSchemas.failed.parse(event.data).error }
    case 'cancelled':
      return { how: 'cancelled', reason: lifecycleSchemas.cancelled.parse(event.data).reason }
    default:
      return undefined
  }
}

/**
 * What clients see of an event of a log: the one place that says so, for SSE and for the WebSocket's `event` messages. The end of a log makes
 * `result` (or `error`) and `done`. Pure.
 */
export function wireEventsOf(event: LogEvent): readonly WireEvent[] {
  const end = compileEndOf(event)
  if (end !== undefined) return endEvents(end)
  switch (event.type) {
    case 'created':
      return []
    case PROGRESS_EVENT:
      return [wireEvent('progress', wireProgress(event.data))]
    case 'claimed':
      return []
    case 'released':
      return [isRested(event) ? log('info', RESTED) : log('warn', 'The compilation was interrupted and begins again.')]
    case 'recovered':
      return [log('warn', 'The server was lost; the compilation begins again.')]
    case 'cancelling':
      return [log('info', 'The compilation is being cancelled.')]
    case 'paused':
      return [log('info', 'The compilation is paused.')]
    case 'resumed':
      return [log('info', 'The compilation goes on.')]
    default:
      // Every other event is the compiler's own, in the words of the contract.
      return [{ event: event.type, data: dataOf(event) }]
  }
}

const RESTED = 'The compilation rests for so long that its place is given to others. When it is resumed, it begins again.'

function isRested({ data }: LogEvent): boolean {
  return lifecycleSchemas.released.parse(data).reason === 'rested'
}

/** The members of a finished compilation beside `rules`, as `POST /compile` and `result` have them, without braces: `"ruleCount":1,...`. */
export function resultMembers(result: CompileResult): string {
  const { rules: _rules, ...members } = result
  return JSON.stringify(members).slice(1, -1)
}

function endEvents(end: CompileEnd): readonly WireEvent[] {
  switch (end.how) {
    case 'completed': {
      const data = { prefix: '{"success":true,"rules":', blob: end.result.rules, suffix: `,${resultMembers(end.result)}}` }
      return [{ event: 'result', data }, done(true, 'completed')]
    }
    case 'failed': {
      const { code, message, details } = end.error
      return [
        wireEvent('error', { success: false, error: message, code, ...(details !== undefined && { details }) }),
        done(false, 'failed'),
      ]
    }
    case 'cancelled':
      return [wireEvent('error', { success: false, error: cancelledText(end.reason), code: 'CANCELLED' }), done(false, 'cancelled')]
  }
}

/** What a cancelled compilation says where an error's text is expected. */
export function cancelledText(reason: string | undefined): string {
  return reason === undefined ? 'The compilation was cancelled.' : `The compilation was cancelled: ${reason}`
}

const done = (success: boolean, status: string): WireEvent => wireEvent('done', { success, status })
const log = (level: string, message: string): WireEvent => wireEvent('log', { level, message })

function wireEvent(event: string, data: object): WireEvent {
  return { event, data: JSON.stringify(data) }
}

const DATA_MEMBER = ',"data":'

/** The data as it stands in the log: nothing is parsed. */
function dataOf({ line }: LogEvent): string {
  return line.slice(line.indexOf(DATA_MEMBER) + DATA_MEMBER.length, -1)
}
