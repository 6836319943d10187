import { z } from 'zod'
import { EXAMPLE_JOB } from '../examples.js'

const jobId = z.string().max(64).optional().describe('The job of this connection; another one is refused')

/** What a client may say on `/ws/progress`. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('ready'),
      jobId,
      after: z
        .union([z.int().nonnegative(), z.string().regex(/^\d{1,15}(\.\d{1,3})?$/)])
        .optional()
        .describe('The `seq` of the last message that the client has; absent: everything'),
    })
    .meta({
      description: 'Begins the streaming, from `after` on',
      examples: [
        { type: 'ready', jobId: EXAMPLE_JOB },
        { type: 'ready', jobId: EXAMPLE_JOB, after: 17 },
      ],
    }),
  z.object({ type: z.literal('cancel'), jobId, reason: z.string().max(500).optional() }).meta({
    description: 'Cancels the job; `canceled` follows when it has happened',
    examples: [{ type: 'cancel', jobId: EXAMPLE_JOB }],
  }),
  z.object({ type: z.literal('ping') }).meta({ description: 'Answered with `pong`', examples: [{ type: 'ping' }] }),
])
export type ClientMessage = z.infer<typeof clientMessageSchema>

export const CLIENT_MESSAGE_TYPES: ReadonlySet<unknown> = new Set(['ready', 'cancel', 'ping'])
