/**
 * Like `Promise.all`, but it rejects only when every one of them has come to its end: nothing goes on behind the back of who waits.
 *
 * @param onFirst is told of the first failure at once, to end the others
 * @throws the error of the one that failed first
 */
export async function allEnded<const Values extends readonly Promise<unknown>[]>(
  promises: Values,
  onFirst: (error: unknown) => void,
): Promise<{ -readonly [Index in keyof Values]: Awaited<Values[Index]> }> {
  let hasFailed = false
  let first: unknown
  const heard = promises.map((promise) =>
    promise.catch((error: unknown) => {
      if (hasFailed) return
      hasFailed = true
      first = error
      onFirst(error)
    }),
  )
  const values = await Promise.all(heard)
  if (hasFailed) throw first
  return values as { -readonly [Index in keyof Values]: Awaited<Values[Index]> }
}
