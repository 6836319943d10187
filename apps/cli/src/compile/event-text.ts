import type { CompileEvent } from '@headway/filters/compiler'
import { shortBytes } from '../text/bytes.js'
import { count } from '../text/count.js'
import { fineDuration } from '../text/duration.js'

/** `debug` is what only those want to know who look for something. */
export type CompileLevel = 'info' | 'warn' | 'error' | 'debug'

/** One event of a compilation as a line. */
export interface CompileLine {
  readonly level: CompileLevel
  readonly text: string
}

/** What the hash of a cache's key is cut to: enough to see that two are the same. */
const KEY_LENGTH = 8

const SEVERITIES = { trace: 'debug', debug: 'debug', info: 'debug', warn: 'warn', error: 'error' } as const
const LOG_LEVELS = { debug: 'debug', info: 'debug', warn: 'warn', error: 'error' } as const

/** An event in words; undefined for `progress`, which is for a bar. */
export function eventText(event: CompileEvent): CompileLine | undefined {
  switch (event.type) {
    case 'log':
      return { level: LOG_LEVELS[event.data.level], text: event.data.message }
    case 'source:start':
      return { level: 'debug', text: `${nameOf(event.data)}: loading` }
    case 'source:complete': {
      const { ruleCount, durationMs } = event.data
      return {
        level: 'info',
        text: `${nameOf(event.data)}:${ruleCount === undefined ? ' loaded' : ` ${count(ruleCount)} ${ruleCount === 1 ? 'rule' : 'rules'}`}${took(durationMs)}`,
      }
    }
    case 'source:error':
      return { level: 'error', text: `${nameOf(event.data)}: ${event.data.error ?? 'it could not be loaded.'}` }
    case 'transformation:start':
      return { level: 'debug', text: `${event.data.name}: ${count(event.data.inputCount)} lines` }
    case 'transformation:complete': {
      const { name, inputCount, outputCount = inputCount, durationMs } = event.data
      return { level: 'debug', text: `${name}: ${count(inputCount)} lines in, ${count(outputCount)} out${took(durationMs)}` }
    }
    case 'diagnostic':
      return { level: SEVERITIES[event.data.severity], text: event.data.message }
    case 'cache': {
      const { operation, key, size } = event.data
      return { level: 'debug', text: `cache ${operation} ${key.slice(0, KEY_LENGTH)}${size === undefined ? '' : `, ${shortBytes(size)}`}` }
    }
    case 'network': {
      const { method, url, statusCode, responseSize, durationMs } = event.data
      const size = responseSize === undefined ? '' : `, ${shortBytes(responseSize)}`
      return { level: 'debug', text: `${method} ${url}: ${statusCode ?? 'no answer'}${size}${took(durationMs)}` }
    }
    case 'metric': {
      const { metric, value, unit, dimensions = {} } = event.data
      const of = Object.entries(dimensions).map(([name, what]) => `${name} ${what}`)
      return { level: 'debug', text: `${metric} ${roundly(value)} ${unit}${of.length === 0 ? '' : ` (${of.join(', ')})`}` }
    }
    case 'progress':
      return undefined
  }
}

/** What a source is called: by its name, else by its place. */
export function nameOf({ source: { name, source } }: { readonly source: { readonly name: string; readonly source: string } }): string {
  return name === '' ? source : name
}

function took(ms: number | undefined): string {
  return ms === undefined ? '' : `, ${fineDuration(ms)}`
}

function roundly(value: number): string {
  return Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(4)))
}
