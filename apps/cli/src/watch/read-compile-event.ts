import { z } from 'zod'
import { eventText } from '../compile/event-text.js'
import { count } from '../text/count.js'
import type { Shown } from './read-event.js'

const sourceSchema = z.object({
  source: z.object({ name: z.string(), source: z.string() }),
  sourceIndex: z.number(),
  totalSources: z.number(),
  ruleCount: z.number().exactOptional(),
  durationMs: z.number().exactOptional(),
  error: z.string().exactOptional(),
})

const transformationSchema = z.object({
  name: z.string(),
  inputCount: z.number(),
  outputCount: z.number().exactOptional(),
  durationMs: z.number().exactOptional(),
})

const diffSchema = z.object({ added: z.number(), removed: z.number() })

/** The events of `compile-filters` jobs that have words of their own, but for those that every job can have. */
const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['source:start', 'source:complete', 'source:error']), data: sourceSchema }),
  z.object({ type: z.enum(['transformation:start', 'transformation:complete']), data: transformationSchema }),
  z.object({
    type: z.literal('diagnostic'),
    data: z.object({
      eventId: z.string(),
      timestamp: z.string(),
      category: z.enum(['compilation', 'download', 'transformation', 'cache', 'validation', 'network', 'performance', 'error']),
      severity: z.enum(['trace', 'debug', 'info', 'warn', 'error']),
      message: z.string(),
    }),
  }),
  z.object({
    type: z.literal('cache'),
    data: z.object({
      eventId: z.string(),
      category: z.literal('cache'),
      operation: z.enum(['hit', 'miss', 'write', 'evict']),
      key: z.string(),
      size: z.number().exactOptional(),
    }),
  }),
  z.object({
    type: z.literal('network'),
    data: z.object({
      method: z.string(),
      url: z.string(),
      statusCode: z.number().exactOptional(),
      durationMs: z.number().exactOptional(),
      responseSize: z.number().exactOptional(),
    }),
  }),
  z.object({
    type: z.literal('metric'),
    data: z.object({
      metric: z.string(),
      value: z.number(),
      unit: z.string(),
      dimensions: z.record(z.string(), z.string()).exactOptional(),
    }),
  }),
  z.object({ type: z.literal('diff'), data: diffSchema }),
])

/** What a finished compilation says of its list. */
const completedSchema = z.object({
  result: z.object({ rules: z.object({ blob: z.string() }), ruleCount: z.number(), metrics: z.object({ sourceCount: z.number() }) }),
})

/** How large the list of a finished compilation is; nothing where another job is finished. */
export function readCompiled(data: unknown): readonly Shown[] {
  const { success, data: known } = completedSchema.safeParse(data)
  if (!success) return []
  const { ruleCount, metrics } = known.result
  const sources = `${metrics.sourceCount} source${metrics.sourceCount === 1 ? '' : 's'}`
  return [{ kind: 'line', level: LEVELS.info, text: `The list has ${count(ruleCount)} lines, from ${sources}.` }]
}

/** Whom a line is for, in the words of `read-event.ts`: what only few want to know is dim. */
const LEVELS = { info: 'stdout', warn: 'stderr', error: 'error', debug: 'debug' } as const

/** What to show of an event of a compilation; undefined for all others. */
export function readCompileEvent(event: { readonly type: string; readonly data: unknown }): readonly Shown[] | undefined {
  const { success, data: known } = eventSchema.safeParse(event)
  if (!success) return undefined
  if (known.type === 'diff') {
    const { added, removed } = known.data
    return [
      {
        kind: 'line',
        level: LEVELS.info,
        text: `Since the list of this name before: ${count(added)} rules added, ${count(removed)} removed`,
      },
    ]
  }
  const line = eventText(known)
  if (line === undefined) return []
  // What is being done stands beside the bar, until the next thing is.
  if (known.type === 'transformation:start') return [{ kind: 'progress', message: line.text }]
  return [{ kind: 'line', level: LEVELS[line.level], text: line.text }]
}
