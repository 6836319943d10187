/** A job that uses the processor and hardly ever yields. */
export default async function run({ rounds, blob, fail, ignore }, ctx) {
  let n = 0
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < 20_000; i += 1) n = (n * 31 + i) % 1_000_003
    if (!ignore) await ctx.pausePoint()
    void ctx.emit('round', { round })
    if (round % 100 === 99) await ctx.progress({ done: round + 1, total: rounds })
  }
  if (fail) throw Object.assign(new Error('the thread broke'), { name: 'Error' })
  if (!blob) return { n }
  const ref = await ctx.blobs.put(
    (async function* () {
      for (let i = 0; i < 5; i += 1) yield Buffer.alloc(300_000, i)
    })(),
  )
  let read = 0
  for await (const chunk of ctx.blobs.read(ref)) read += chunk.byteLength
  return { ref, read }
}
