import { defineJob, startHeadway, z } from 'headway'

const squares = defineJob({
  name: 'squares',
  input: z.object({ upTo: z.int().positive() }),
  async run({ upTo }, ctx) {
    for (let n = Number(ctx.saved ?? 0) + 1; n <= upTo; n += 1) {
      await ctx.pausePoint() // throws when the job is cancelled
      await ctx.emit('square', { n, square: n * n }, { checkpoint: n })
      await ctx.progress({ done: n, total: upTo })
    }
    return { largest: upTo * upTo }
  },
})

await startHeadway({ jobTypes: [squares] })
