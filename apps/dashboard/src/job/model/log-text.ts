import { levelOf } from '../log/levels.js'
import type { Level } from '../log/levels.js'
import type { LifeMoment } from './life.js'
import { objectOf, textOf, listOf, numberOf } from './wire.js'
import type { JobEvent, JsonObject } from './wire.js'

/** What an event says in the log. */
export interface LogText {
  readonly level: Level
  readonly text: string
  /** Whether the line has all that the event's data says. */
  readonly whole: boolean
}

/** What an event says in the log, one line or several with line breaks; undefined for one that says nothing there. */
export function logTextOf(event: JobEvent, moment: LifeMoment): LogText | undefined {
  const data = objectOf(event.data)
  switch (event.type) {
    case 'log':
    case 'line':
      return lineOf(data)
    case 'diagnostic':
      return {
        level: levelOf(textOf(data['severity']) ?? ''),
        text: `${textOf(data['category']) ?? ''}: ${textOf(data['message']) ?? ''}`,
        whole: false,
      }
    case 'book':
      return bookLine(data)
    case 'source:error':
      return {
        level: 'warn',
        text: `${textOf(objectOf(data['source'])['name']) ?? 'A source'}: ${textOf(data['error']) ?? ''}`,
        whole: false,
      }
    default: {
      const text = lifeLine(event.type, data, moment)
      return text === undefined ? undefined : { level: LOUD.has(event.type) ? 'error' : 'job', text, whole: false }
    }
  }
}

/** Events of the engine that are bad news. */
const LOUD: ReadonlySet<string> = new Set(['failed', 'recovered'])

function lineOf(data: JsonObject): LogText {
  const [level, message] = [textOf(data['level']) ?? '', textOf(data['message']) ?? '']
  const shown = levelOf(level)
  let members = 0
  for (const _ in data) members += 1
  return { level: shown, text: message, whole: members === 2 && shown === level }
}

function bookLine(data: JsonObject): LogText {
  const detail = objectOf(data['detail'])
  const title = textOf(data['title']) ?? ''
  const outcome = textOf(detail['outcome'])
  const row = numberOf(detail['row'])
  const place = row === undefined ? '' : `Row ${row}: `
  const errors = listOf(detail['errors']).map((error) => textOf(objectOf(error)['message']) ?? '')
  const found = outcome === undefined ? detail['found'] !== false : outcome === 'imported'
  const what = outcome ?? (found ? 'found' : 'not found')
  return { level: found && errors.length === 0 ? 'info' : 'warn', text: [`${place}${what}: ${title}`, ...errors].join('. '), whole: false }
}

function lifeLine(type: string, data: JsonObject, moment: LifeMoment): string | undefined {
  const reason = textOf(data['reason'])
  const why = reason === undefined ? '' : `: ${reason}`
  switch (type) {
    case 'created':
      return 'Created'
    case 'claimed':
      return `Attempt ${moment.attempt} begins at worker ${moment.worker ?? ''}`
    case 'released':
      return `Given back${why}${moment.error === undefined ? '' : ` (${moment.error.message})`}`
    case 'recovered':
      return `The worker was lost${why}`
    case 'cancelling':
      return `Cancelling${why}`
    case 'paused':
      return `Paused${why}`
    case 'resumed':
      return `Resumed${why}`
    case 'completed':
      return 'Completed'
    case 'failed':
      return `Failed: ${moment.error?.message ?? ''}`
    case 'cancelled':
      return `Cancelled${why}`
    default:
      return undefined
  }
}
