import type { ClientMessage } from '../../src/wire/websocket/client-messages.js'
import type { ServerMessage } from '../../src/wire/websocket/server-messages.js'
import { bytes, count, counted, duration, shortened } from './text.js'

/** What entries of the log can be told apart by. */
export const KINDS = {
  session: 'Sessions',
  source: 'Sources',
  transformation: 'Transformations',
  progress: 'Progress',
  network: 'Network',
  cache: 'Cache',
  metric: 'Metrics',
  diagnostic: 'Diagnostics',
  log: 'Log',
  connection: 'Connection',
  heartbeat: 'Heartbeats',
  sent: 'Sent',
} as const
export type Kind = keyof typeof KINDS
export type Level = 'info' | 'warn' | 'error'

/** One line about a message. */
export interface Summary {
  readonly kind: Kind
  readonly level: Level
  readonly type: string
  readonly text: string
}

const MAX_TEXT = 400

/** Data of an event as far as it is shown: whatever is not there is not said. */
interface Data {
  readonly source?: { readonly name?: string; readonly source?: string }
  readonly sourceIndex?: number
  readonly totalSources?: number
  readonly ruleCount?: number
  readonly durationMs?: number
  readonly error?: string
  readonly name?: string
  readonly inputCount?: number
  readonly outputCount?: number
  readonly message?: string
  readonly phase?: string
  readonly current?: number
  readonly total?: number
  readonly level?: string
  readonly severity?: string
  readonly category?: string
  readonly operation?: string
  readonly key?: string
  readonly size?: number
  readonly method?: string
  readonly url?: string
  readonly statusCode?: number
  readonly responseSize?: number
  readonly metric?: string
  readonly value?: number
  readonly unit?: string
  readonly status?: string
  readonly added?: number
  readonly removed?: number
}

export function summaryOf(message: ServerMessage): Summary {
  const { type } = message
  const say = (kind: Kind, text: string, level: Level = 'info'): Summary => ({ kind, level, type, text: shortened(text, MAX_TEXT) })
  switch (message.type) {
    case 'welcome':
      return say('connection', `Headway ${message.version}, up to ${message.capabilities.maxConcurrentCompilations} compilations at a time`)
    case 'pong':
      return say('heartbeat', '')
    case 'error':
      return say('session', `${message.code}: ${message.error}`, 'error')
    case 'compile:started':
      return say('session', `${message.configurationName}, job ${message.jobId}`)
    case 'compile:attached':
      return say('session', `after message ${message.seq} of ${message.head}, ${message.status}`)
    case 'compile:paused':
    case 'compile:resumed':
      return say('session', message.reason ?? '')
    case 'compile:complete':
      return say('session', `${counted(message.ruleCount, 'rule')} in ${duration(message.metrics.totalDurationMs)}`)
    case 'compile:error':
      return say('session', `${message.details?.code ?? ''} ${message.error}`.trim(), 'error')
    case 'compile:cancelled':
      return say('session', message.reason, 'warn')
    case 'reset':
      return say('session', `The history is gone (${message.reason}).`, 'warn')
    case 'event': {
      const data = typeof message.data === 'object' && message.data !== null ? (message.data as Data) : {}
      const { kind, text, level } = eventSummary(message.eventType, data)
      return { kind, level, type: message.eventType, text: shortened(text, MAX_TEXT) }
    }
  }
}

export function sentSummary(message: ClientMessage): Summary {
  const name = message.type === 'compile' ? message.configuration['name'] : undefined
  return {
    kind: message.type === 'ping' ? 'heartbeat' : 'sent',
    level: 'info',
    type: message.type,
    text: typeof name === 'string' ? shortened(name, MAX_TEXT) : '',
  }
}

function eventSummary(type: string, data: Data): Pick<Summary, 'kind' | 'text' | 'level'> {
  const took = data.durationMs === undefined ? '' : ` in ${duration(data.durationMs)}`
  switch (type) {
    case 'source:start':
      return info('source', `${sourceOf(data)} (${count((data.sourceIndex ?? 0) + 1)} of ${count(data.totalSources ?? 1)})`)
    case 'source:complete':
      return info('source', `${sourceOf(data)}: ${counted(data.ruleCount ?? 0, 'rule')}${took}`)
    case 'source:error':
      return { kind: 'source', level: 'error', text: `${sourceOf(data)}: ${data.error ?? ''}` }
    case 'transformation:start':
      return info('transformation', `${data.name ?? ''}: ${counted(data.inputCount ?? 0, 'line')}`)
    case 'transformation:complete':
      return info(
        'transformation',
        `${data.name ?? ''}: ${count(data.inputCount ?? 0)} to ${counted(data.outputCount ?? 0, 'line')}${took}`,
      )
    case 'progress':
      return info('progress', `${data.phase ?? ''} ${count(data.current ?? 0)}/${count(data.total ?? 0)} ${data.message ?? ''}`.trim())
    case 'network':
      return info(
        'network',
        `${data.method ?? ''} ${data.url ?? ''}${data.statusCode === undefined ? '' : ` ${data.statusCode}`}${sizeOf(data.responseSize)}${took}`,
      )
    case 'cache':
      return info('cache', `${data.operation ?? ''} ${shortened(data.key ?? '', 16)}${sizeOf(data.size)}`)
    case 'metric':
      return info('metric', `${data.metric ?? ''} ${count(Math.round((data.value ?? 0) * 100) / 100)} ${data.unit ?? ''}`)
    case 'diagnostic':
      return { kind: 'diagnostic', level: levelOf(data.severity), text: `${data.category ?? ''}: ${data.message ?? ''}` }
    case 'log':
      return { kind: 'log', level: levelOf(data.level), text: data.message ?? '' }
    case 'diff':
      return info('session', `${count(data.added ?? 0)} added, ${count(data.removed ?? 0)} removed since the previous list of this name`)
    case 'result':
      return info('session', counted(data.ruleCount ?? 0, 'rule'))
    case 'error':
      return { kind: 'session', level: 'error', text: data.error ?? '' }
    case 'done':
      return info('session', data.status ?? '')
    default:
      return info('log', data.message ?? '')
  }
}

function info(kind: Kind, text: string): Pick<Summary, 'kind' | 'text' | 'level'> {
  return { kind, text, level: 'info' }
}

function sourceOf({ source }: Data): string {
  return source?.name ?? source?.source ?? ''
}

function sizeOf(size: number | undefined): string {
  return size === undefined ? '' : `, ${bytes(size)}`
}

function levelOf(word: string | undefined): Level {
  return word === 'warn' || word === 'error' ? word : 'info'
}
