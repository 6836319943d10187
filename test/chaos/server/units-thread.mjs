import { runUnits } from './job-types.mjs'

/** The same work as `units`, in a thread of its own, which uses the processor between its units. */
export default async function run(input, ctx) {
  return runUnits(input, {
    ...ctx,
    saved: ctx.saved,
    epoch: ctx.epoch,
    async emit(type, data, options) {
      let n = 0
      for (let i = 0; i < 50_000; i += 1) n = (n * 31 + i) % 1_000_003
      return ctx.emit(type, { ...data, n }, options)
    },
  })
}
