import { jsonSchema, resetSchema } from '@headway/protocol'
import { messageOf, pascal } from '@headway/server'
import type { MessageDescription, SampleMessage } from '@headway/server'
import { z } from 'zod'
import { compileResultSchema, diffSchema } from '../jobs/compile-result.js'
import { wireProgressSchema } from '../jobs/progress.js'
import { EXAMPLE_ID, EXAMPLE_LIST, EXAMPLE_TOKEN } from './schemas.js'

const EXAMPLE_EVENT_ID = '0d2f6a3c-5a0e-4c6a-8a51-2f8f3d3a9b10'
const EXAMPLE_TIME = '2026-01-14T05:00:00.000Z'
const SOURCE = { name: 'Ads', source: 'https://example.com/filters.txt' }
const PLACE = { source: SOURCE, sourceIndex: 0, totalSources: 2 }

const DIAGNOSTIC = {
  eventId: EXAMPLE_EVENT_ID,
  timestamp: EXAMPLE_TIME,
  category: 'compilation',
  severity: 'info',
  correlationId: EXAMPLE_ID,
}

const count = z.int().nonnegative()
const milliseconds = z.number().nonnegative()

const sourceEvent = z.object({
  source: z.object({ name: z.string(), source: z.string().describe('Without credentials and the values of its query') }),
  sourceIndex: count.describe('Its place in the configuration, from 0'),
  totalSources: count,
})

const transformationEvent = z.object({
  name: z.string(),
  inputCount: count.describe('In lines'),
})

/** The SSE events of a compilation, by their names, as filters.md has them. */
const EVENTS: Readonly<Record<string, z.ZodType>> = {
  log: z
    .object({ level: z.enum(['debug', 'info', 'warn', 'error']), message: z.string() })
    .meta({ description: 'A line of the log', examples: [{ level: 'info', message: 'The compilation goes on.' }] }),
  'source:start': sourceEvent.meta({ description: 'A source is being loaded', examples: [PLACE] }),
  'source:complete': sourceEvent
    .extend({ ruleCount: count.describe('Its lines after its own transformations'), durationMs: milliseconds })
    .meta({ description: 'A source is loaded and transformed', examples: [{ ...PLACE, ruleCount: 1200, durationMs: 234 }] }),
  'source:error': sourceEvent
    .extend({ durationMs: milliseconds.optional(), error: z.string() })
    .meta({ description: 'A source could not be had', examples: [{ ...PLACE, durationMs: 80, error: 'The server answered 404.' }] }),
  'transformation:start': transformationEvent.meta({
    description: 'A transformation begins',
    examples: [{ name: 'Deduplicate', inputCount: 1300 }],
  }),
  'transformation:complete': transformationEvent.extend({ outputCount: count.describe('In lines'), durationMs: milliseconds }).meta({
    description: 'A transformation is done',
    examples: [{ name: 'Deduplicate', inputCount: 1300, outputCount: 1200, durationMs: 5 }],
  }),
  progress: wireProgressSchema.meta({
    description: 'How far the compilation has come',
    examples: [{ phase: 'sources', current: 1, total: 2, message: 'Ads' }],
  }),
  diagnostic: z
    .object({
      eventId: z.string(),
      timestamp: z.iso.datetime(),
      category: z.enum(['compilation', 'download', 'transformation', 'cache', 'validation', 'network', 'performance', 'error']),
      severity: z.enum(['trace', 'debug', 'info', 'warn', 'error']),
      message: z.string(),
      correlationId: z.string().optional().describe('The id of the compilation'),
      metadata: z.record(z.string(), jsonSchema).optional(),
    })
    .meta({
      description: 'Something that an engineer may want to know',
      examples: [{ ...DIAGNOSTIC, message: 'Started source download', metadata: { sourceName: SOURCE.name } }],
    }),
  cache: z
    .object({
      eventId: z.string(),
      category: z.literal('cache'),
      operation: z.enum(['hit', 'miss', 'write', 'evict']),
      key: z.string().describe('Hashed'),
      size: count.optional().describe('In bytes'),
    })
    .meta({
      description: 'What became of a look into a cache',
      examples: [{ eventId: EXAMPLE_EVENT_ID, category: 'cache', operation: 'hit', key: 'a3f5c0de', size: 51_200 }],
    }),
  network: z
    .object({
      method: z.string(),
      url: z.string().describe('Without credentials and the values of its query'),
      statusCode: z.int().optional(),
      durationMs: milliseconds.optional(),
      responseSize: count.optional().describe('In bytes'),
    })
    .meta({
      description: 'A request to another server',
      examples: [{ method: 'GET', url: SOURCE.source, statusCode: 200, durationMs: 234, responseSize: 51_200 }],
    }),
  metric: z
    .object({ metric: z.string(), value: z.number(), unit: z.string(), dimensions: z.record(z.string(), z.string()).optional() })
    .meta({
      description: 'A figure',
      examples: [{ metric: 'download_speed', value: 218.5, unit: 'KB/s', dimensions: { source: SOURCE.name } }],
    }),
  diff: diffSchema.extend({}).meta({
    description: 'What differs from the previous list of the same name',
    examples: [{ added: 1, removed: 0, addedExamples: ['||new.example^'], removedExamples: [], previousCompiledAt: EXAMPLE_TIME }],
  }),
  result: compileResultSchema
    .extend({ success: z.literal(true), rules: z.array(z.string()).describe('The lines of the list, its header first') })
    .meta({ description: 'The compiled list. It can be large', examples: [{ success: true, ...EXAMPLE_LIST }] }),
  error: z
    .object({
      success: z.literal(false),
      error: z.string().describe('What is wrong and what to do, for people'),
      code: z.string().describe('Stable, for programs; `CANCELLED` where it was cancelled'),
      details: jsonSchema.optional(),
    })
    .meta({
      description: 'The compilation failed or was cancelled. An EventSource has an error event of its own, without data',
      examples: [{ success: false, error: 'https://example.com/filters.txt: the server answered 404.', code: 'SOURCE_HTTP_STATUS' }],
    }),
  done: z
    .object({ success: z.boolean(), status: z.enum(['completed', 'failed', 'cancelled']) })
    .meta({ description: 'The last message: the compilation is over', examples: [{ success: true, status: 'completed' }] }),
}

const job = z
  .object({
    requestId: z.string().describe('The id of the compilation, for `GET /compile/stream/{requestId}`'),
    token: z.string().optional().describe('Reads and controls this compilation; only where the stream began it'),
  })
  .meta({ description: 'The first message of every connection', examples: [{ requestId: EXAMPLE_ID, token: EXAMPLE_TOKEN }] })

const reset = resetSchema.extend({}).meta({
  description: 'The history after the cursor is gone: throw away what you have of the compilation',
  examples: [{ type: 'reset', reason: 'pruned', after: 0, head: 0 }],
})

/** What the stream of a compilation says. */
export const compileStreamMessages: readonly MessageDescription[] = [
  messageOf('CompileStreamJob', job, { event: 'job', hasId: false }),
  ...Object.entries(EVENTS).map(([event, schema]) => messageOf(`CompileStream${pascal(event)}`, schema, { event })),
  messageOf('CompileStreamReset', reset, { event: 'reset', hasId: false }),
]

/** A small compilation from its beginning to its end: one event makes the last two messages. */
export const compileStreamSample: readonly SampleMessage[] = [
  { event: 'job', data: { requestId: EXAMPLE_ID, token: EXAMPLE_TOKEN } },
  { event: 'log', id: '3', data: { level: 'info', message: 'Compiling "My list" from 1 source' } },
  { event: 'diagnostic', id: '4', data: { ...DIAGNOSTIC, message: 'The compilation begins.', metadata: { sourceCount: 1 } } },
  { event: 'source:start', id: '5', data: { ...PLACE, totalSources: 1 } },
  { event: 'network', id: '6', data: { method: 'GET', url: SOURCE.source, statusCode: 200, durationMs: 234, responseSize: 51_200 } },
  { event: 'source:complete', id: '7', data: { ...PLACE, totalSources: 1, ruleCount: 3, durationMs: 240 } },
  { event: 'transformation:start', id: '8', data: { name: 'Deduplicate', inputCount: 3 } },
  { event: 'transformation:complete', id: '9', data: { name: 'Deduplicate', inputCount: 3, outputCount: 2, durationMs: 1 } },
  { event: 'progress', id: '10', data: { phase: 'writing', current: 1, total: 1, message: 'The list has 2 lines.' } },
  { event: 'metric', id: '11', data: { metric: 'compilation_time', value: 1234, unit: 'ms' } },
  { event: 'metric', id: '12', data: { metric: 'rules_per_second', value: 2, unit: 'rules/s' } },
  {
    event: 'diagnostic',
    id: '13',
    data: { ...DIAGNOSTIC, message: 'The compilation is done.', metadata: { ruleCount: 2, durationMs: 1234, cached: false } },
  },
  { event: 'log', id: '14', data: { level: 'info', message: '2 lines in 1234 ms' } },
  { event: 'result', id: '15.1', data: { success: true, ...EXAMPLE_LIST } },
  { event: 'done', id: '15', data: { success: true, status: 'completed' } },
]
