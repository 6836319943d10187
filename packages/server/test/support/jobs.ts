import { defineJob } from '@headway/core'
import type { JobType } from '@headway/core'
import { z } from 'zod'

/** Job types that the tests run. */
export function testJobs(): readonly JobType[] {
  return [
    /** Counts to `to`, one event for each number. */
    defineJob({
      name: 'count',
      input: z.object({ to: z.int().min(0).max(1000), note: z.string().optional() }),
      async run({ to }, ctx) {
        for (let number = 1; number <= to; number += 1) await ctx.emit('number', { number })
        return { counted: to }
      },
    }),
    /** Runs until it is cancelled, and stops where it is paused. */
    defineJob({
      name: 'wait',
      input: z.object({}),
      pausable: true,
      async run(_input, ctx) {
        await ctx.emit('waiting', {})
        await new Promise<void>((resolve) => {
          ctx.signal.addEventListener('abort', () => resolve(), { once: true })
          const look = setInterval(() => void ctx.pausePoint().catch(() => undefined), 10)
          ctx.signal.addEventListener('abort', () => clearInterval(look), { once: true })
        })
        throw ctx.signal.reason
      },
    }),
    /** Can't pause. */
    defineJob({
      name: 'stubborn',
      input: z.object({}),
      async run(_input, ctx) {
        await new Promise<void>((resolve) => {
          ctx.signal.addEventListener('abort', () => resolve(), { once: true })
        })
        throw ctx.signal.reason
      },
    }),
  ]
}
