import { afterAll, beforeAll } from 'vitest'
import type { AtEnd } from '../e2e/support/program.js'

/**
 * What is set up once for the tests of a file, or of a `describe`: for what is costly to start, and tests that neither end it nor look at all that it holds. To be
 * called while tests are collected; what it gives is for tests and later hooks.
 */
export function onceForTests<T>(setUp: (atEnd: AtEnd) => Promise<T>): () => T {
  const ends: (() => Promise<void>)[] = []
  let made: { readonly value: T } | undefined
  beforeAll(async () => {
    made = { value: await setUp((end) => ends.push(end)) }
  })
  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
  })
  return () => {
    if (made === undefined) throw new Error('It is there once the tests begin.')
    return made.value
  }
}
