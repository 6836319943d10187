import { jobIdSchema, JOB_STATUSES, jsonSchema, seqSchema } from '@headway/protocol'
import { z } from 'zod'
import { SOCKET_CODES } from './codes.js'

const EXAMPLE_JOB = '7b1e4c9a-52d3-4f7e-9a33-0f8c2f1d6e51'
const EXAMPLE_TIME = '2026-11-22T10:30:01.234Z'
const EXAMPLE_SESSION = 'my-session-1'

const timestamp = z.iso.datetime().meta({ description: 'When it happened: ISO 8601, UTC, milliseconds' })
const reason = z.string().optional().meta({ description: 'What whoever asked for it said' })

/** What every message of a session carries. */
const ofSession = {
  timestamp,
  sessionId: z.string().meta({ description: 'The name that the client gave the compilation' }),
  seq: z.union([seqSchema, z.string().regex(/^\d{1,15}\.\d{1,6}$/)]).meta({
    description:
      'The number of the event in the log of the compilation; where an event makes several messages, a text such as "18.1" on all but the last. The last one received is the `after` of an `attach`.',
  }),
}

const metricsSchema = z.looseObject({
  totalDurationMs: z.number().nonnegative(),
  sourceCount: z.int().nonnegative(),
  ruleCount: z.int().nonnegative(),
})

export const welcomeSchema = z
  .object({
    type: z.literal('welcome'),
    timestamp,
    version: z.string().meta({ description: 'Of the server' }),
    connectionId: z.string(),
    capabilities: z.object({
      maxConcurrentCompilations: z.int().positive(),
      supportsPauseResume: z.boolean(),
      supportsStreaming: z.boolean(),
    }),
  })
  .meta({
    description: 'The first message of every connection',
    examples: [
      {
        type: 'welcome',
        timestamp: EXAMPLE_TIME,
        version: '0.1.0',
        connectionId: '0b3c1d62-43b7-4f0e-8b35-6a2f37f3f1d5',
        capabilities: { maxConcurrentCompilations: 3, supportsPauseResume: true, supportsStreaming: true },
      },
    ],
  })

export const startedSchema = z
  .object({
    ...ofSession,
    type: z.literal('compile:started'),
    configurationName: z.string(),
    jobId: jobIdSchema,
    token: z.string().optional().meta({ description: 'Attaches, cancels, pauses and resumes this compilation, on any connection' }),
  })
  .meta({
    description: 'The compilation is durable. The first message of a session, and of an `attach` from the start.',
    examples: [
      {
        type: 'compile:started',
        seq: 1,
        timestamp: EXAMPLE_TIME,
        sessionId: EXAMPLE_SESSION,
        configurationName: 'My Filter List',
        jobId: EXAMPLE_JOB,
        token: 'a-token-for-this-job',
      },
    ],
  })

export const attachedSchema = z
  .object({
    ...ofSession,
    type: z.literal('compile:attached'),
    jobId: jobIdSchema,
    configurationName: z.string(),
    head: seqSchema.meta({ description: 'The last event of the log so far' }),
    status: z.enum(JOB_STATUSES),
  })
  .meta({
    description: 'Answers `attach`; `seq` is the cursor that was asked for. What follows it follows.',
    examples: [
      {
        type: 'compile:attached',
        seq: 17,
        timestamp: EXAMPLE_TIME,
        sessionId: EXAMPLE_SESSION,
        jobId: EXAMPLE_JOB,
        configurationName: 'My Filter List',
        head: 21,
        status: 'running',
      },
    ],
  })

export const eventSchema = z
  .object({
    ...ofSession,
    type: z.literal('event'),
    eventType: z.string().meta({ description: 'The name of an event of `POST /compile/stream`', examples: ['source:complete'] }),
    data: jsonSchema.meta({ description: 'The data of that event. That of `result` is without its rules: `compile:complete` has them' }),
  })
  .meta({
    description: 'An event of the compilation, as `POST /compile/stream` sends it, when it happened',
    examples: [
      {
        type: 'event',
        seq: 9,
        timestamp: EXAMPLE_TIME,
        sessionId: EXAMPLE_SESSION,
        eventType: 'source:complete',
        data: {
          source: { name: 'Example', source: 'https://example.com/filters.txt' },
          sourceIndex: 0,
          totalSources: 2,
          ruleCount: 1200,
          durationMs: 234,
        },
      },
    ],
  })

export const pausedSchema = z.object({ ...ofSession, type: z.enum(['compile:paused', 'compile:resumed']), reason }).meta({
  description: 'The compilation rests until `resume`; or it goes on',
  examples: [{ type: 'compile:paused', seq: 12, timestamp: EXAMPLE_TIME, sessionId: EXAMPLE_SESSION }],
})

export const completeSchema = z
  .object({
    ...ofSession,
    type: z.literal('compile:complete'),
    rules: z.array(z.string()).meta({ description: 'The lines of the compiled list' }),
    ruleCount: z.int().nonnegative(),
    metrics: metricsSchema,
    compiledAt: z.iso.datetime(),
  })
  .loose()
  .meta({
    description: 'The compilation is over and this is its list: the last message of the session. It can be large: it comes in fragments.',
    examples: [
      {
        type: 'compile:complete',
        seq: 31,
        timestamp: EXAMPLE_TIME,
        sessionId: EXAMPLE_SESSION,
        rules: ['||ads.example.com^', '||tracking.example.com^'],
        ruleCount: 2,
        metrics: { totalDurationMs: 1234, sourceCount: 1, ruleCount: 2 },
        compiledAt: EXAMPLE_TIME,
      },
    ],
  })

export const compileErrorSchema = z
  .object({
    ...ofSession,
    type: z.literal('compile:error'),
    error: z.string().meta({ description: 'What went wrong and what to do' }),
    details: z
      .looseObject({ code: z.string().meta({ description: 'Stable', examples: ['SOURCE_FAILED'] }) })
      .optional()
      .meta({ description: 'Never a stack' }),
  })
  .meta({
    description: 'The compilation failed: the last message of the session',
    examples: [
      {
        type: 'compile:error',
        seq: 14,
        timestamp: EXAMPLE_TIME,
        sessionId: EXAMPLE_SESSION,
        error: 'https://example.com/filters.txt answered 404.',
        details: { code: 'SOURCE_FAILED' },
      },
    ],
  })

export const cancelledSchema = z.object({ ...ofSession, type: z.literal('compile:cancelled'), reason: z.string() }).meta({
  description: 'The compilation was cancelled and has stopped: the last message of the session',
  examples: [
    { type: 'compile:cancelled', seq: 14, timestamp: EXAMPLE_TIME, sessionId: EXAMPLE_SESSION, reason: 'Cancelled by the client' },
  ],
})

export const resetMessageSchema = z
  .object({
    type: z.literal('reset'),
    timestamp,
    sessionId: z.string(),
    reason: z.enum(['pruned', 'ahead']),
    after: seqSchema,
    head: seqSchema,
  })
  .meta({
    description:
      'The history after the cursor is gone: throw away what you have of this compilation. `pruned`: it was removed, the session is over; `ahead`: it goes on after `after`.',
    examples: [{ type: 'reset', timestamp: EXAMPLE_TIME, sessionId: EXAMPLE_SESSION, reason: 'pruned', after: 0, head: 0 }],
  })

export const pongSchema = z
  .object({ type: z.literal('pong'), timestamp })
  .meta({ description: 'Answers `ping`', examples: [{ type: 'pong', timestamp: EXAMPLE_TIME }] })

export const errorSchema = z
  .object({
    type: z.literal('error'),
    timestamp,
    error: z.string().meta({ description: 'What is wrong with the message and what would be right' }),
    code: z.string().meta({ description: `Stable: ${SOCKET_CODES.join(', ')}, or a code of the HTTP routes`, examples: [...SOCKET_CODES] }),
    sessionId: z.string().optional().meta({ description: 'Of the message that it answers, as far as it can be told' }),
    fields: z
      .array(z.object({ pointer: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'What is wrong with the message, as JSON pointers (RFC 6901) into it' }),
    retryAfterSeconds: z.number().positive().optional().meta({ description: 'With RATE_LIMIT_EXCEEDED: when to try again' }),
  })
  .meta({
    description: 'A message could not be done. A compilation that runs under the same name is not touched.',
    examples: [
      {
        type: 'error',
        timestamp: EXAMPLE_TIME,
        error: 'At most 3 compilations at a time run on one connection.',
        code: 'TOO_MANY_COMPILATIONS',
        sessionId: EXAMPLE_SESSION,
      },
    ],
  })

/** Every message that the server sends on `/ws/compile`. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  welcomeSchema,
  startedSchema,
  attachedSchema,
  eventSchema,
  pausedSchema,
  completeSchema,
  compileErrorSchema,
  cancelledSchema,
  resetMessageSchema,
  pongSchema,
  errorSchema,
])
export type ServerMessage = z.infer<typeof serverMessageSchema>
