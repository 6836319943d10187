/** Saves where it is once, and then comes to pause points only, until it is run again. */
export default async function run(_, ctx) {
  if (ctx.saved !== undefined) return { saved: ctx.saved, attempt: ctx.attempt }
  await ctx.emit('saved', {}, { checkpoint: 'half way' })
  for (;;) await ctx.pausePoint()
}
