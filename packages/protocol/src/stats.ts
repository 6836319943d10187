import { z } from 'zod'

const countSchema = z.int().nonnegative()

/** How many jobs there are of each status. */
export const statusCountsSchema = z.object({
  queued: countSchema,
  running: countSchema,
  paused: countSchema,
  completed: countSchema,
  failed: countSchema,
  cancelled: countSchema,
})
export type StatusCounts = z.infer<typeof statusCountsSchema>

/** The minutes that {@link statsSchema} tells of. */
export const STATS_MINUTES = 60

/** What the server is at: for dashboards. It may be asked every two seconds. */
export const statsSchema = z.object({
  at: z.iso.datetime(),
  jobs: statusCountsSchema.describe('Jobs that are there, of all types'),
  types: z.array(statusCountsSchema.extend({ name: z.string() })).describe('The same by job type, of types that have or can have jobs'),
  minutes: z
    .array(
      z.object({
        at: z.iso.datetime().describe('When the minute begins'),
        created: countSchema,
        completed: countSchema,
        failed: countSchema,
        cancelled: countSchema,
      }),
    )
    .describe(`The last ${STATS_MINUTES} minutes, the oldest first; the last one is not over yet. Jobs that were pruned since count, too`),
  oldestQueuedAt: z.iso
    .datetime()
    .nullable()
    .describe('Since when the queued job could run that waits for longest; null when none waits, but for its time'),
  events: z.object({ perSecond: z.number().nonnegative().describe('Appended by all nodes, over the last seconds') }),
  workers: z
    .array(
      z.object({
        id: z.string(),
        running: countSchema.describe('Jobs that it has'),
        slots: z
          .int()
          .positive()
          .nullable()
          .describe('How many it runs at a time, light ones not counted; null where this node does not know'),
        since: z.iso.datetime().nullable().describe('When it started; null where this node does not know'),
        self: z.boolean().describe('Whether it is the node that answers'),
      }),
    )
    .describe('The nodes that run jobs, the one that answers first'),
  watchers: z
    .object({ sse: countSchema, websocket: countSchema, poll: countSchema })
    .describe('Streams (SSE and NDJSON), sockets and waiting polls at all nodes'),
})
export type Stats = z.infer<typeof statsSchema>
