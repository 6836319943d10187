/** The items of batches, one by one. */
export async function* each<T>(batches: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const batch of batches) yield* batch
}

/** The items of an iterable, at most so many at a time. */
export async function* groupsOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let group: T[] = []
  for await (const item of items) {
    if (group.push(item) < size) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

/** First with first, second with second, until both are at their ends. */
export async function* sideBySide<A, B>(
  left: AsyncIterable<A>,
  right: AsyncIterable<B>,
): AsyncGenerator<readonly [left: A | undefined, right: B | undefined]> {
  const [a, b] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()]
  try {
    for (;;) {
      const [one, other] = await Promise.all([a.next(), b.next()])
      if (one.done === true && other.done === true) return
      yield [one.done === true ? undefined : one.value, other.done === true ? undefined : other.value]
    }
  } finally {
    await Promise.all([a.return?.(), b.return?.()])
  }
}
