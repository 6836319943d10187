import { z } from 'zod'
import { seqSchema } from './event.js'
import { jobIdSchema } from './job.js'
import { MAX_POLL_WAIT_SECONDS } from './limits.js'
import { serverMessageSchema } from './websocket.js'

/** The body of `POST /follow`: the jobs that one connection follows, each from its cursor. How many there may be is a setting of the server. */
export const followBodySchema = z.object({
  jobs: z
    .array(
      z.object({
        jobId: jobIdSchema,
        after: seqSchema.default(0).describe('The cursor: the last seq that you have'),
        token: z.string().optional().describe('The token of the job, where the header has none that covers it'),
      }),
    )
    .refine((jobs) => new Set(jobs.map(({ jobId }) => jobId)).size === jobs.length, 'a job can be there only once')
    .describe('The jobs to follow; 100 at most, unless the server is set otherwise'),
  lists: z.boolean().optional().describe('Whether to be told when jobs have changed; needs an API key that reads'),
})
/** What a client sends; `after` and `lists` may be left out. */
export type FollowBody = z.input<typeof followBodySchema>

export const followQuerySchema = z.object({
  wait: z.coerce.number().min(0).max(MAX_POLL_WAIT_SECONDS).optional().describe('Only for JSON: wait so many seconds for news'),
})

/** The answer of `POST /follow` as JSON. A job's cursor for the next one is the last `seq` of its messages here, or the `after` of its last `reset`. */
export const followAnswerSchema = z.object({ messages: z.array(serverMessageSchema) })
export type FollowAnswer = z.infer<typeof followAnswerSchema>
