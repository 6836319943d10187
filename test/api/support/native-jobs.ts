import { setTimeout as wait } from 'node:timers/promises'
import { defineJob, JobFailure } from '@headway/core'
import type { JobContext, JobType } from '@headway/core'
import { z } from 'zod'

/** Job types whose logs, together, have every event that the engine knows. */
export function nativeJobs(): readonly JobType[] {
  return [
    defineJob({
      name: 'count',
      input: z.object({ to: z.int().min(0).max(100) }),
      async run({ to }, ctx) {
        await ctx.log('info', `Counting to ${to}.`)
        for (let number = 1; number <= to; number += 1) await ctx.emit('number', { number })
        await ctx.progress({ done: to, total: to, message: 'done' })
        return { counted: to }
      },
    }),
    /** Fails once, and again. */
    defineJob({
      name: 'unlucky',
      input: z.object({}),
      retry: { attempts: 2, minDelayMs: 1, maxDelayMs: 2 },
      run(_input, { attempt }) {
        if (attempt === 1) throw new Error('Not this time.')
        throw new JobFailure('no_luck', 'It can not be done.', { details: { tried: true } })
      },
    }),
    defineJob({ name: 'rest', input: z.object({}), pausable: true, run: (_input, ctx) => untilCancelled(ctx) }),
    /** Goes on for ever, but for its second worker. */
    defineJob({
      name: 'lost',
      input: z.object({}),
      async run(_input, ctx) {
        if (ctx.epoch === 1) await untilCancelled(ctx)
      },
    }),
  ]
}

async function untilCancelled(ctx: JobContext): Promise<void> {
  await ctx.emit('waiting', {})
  for (;;) {
    await ctx.pausePoint()
    await wait(10, undefined, { signal: ctx.signal })
  }
}
