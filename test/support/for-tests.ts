import { afterAll, beforeAll } from 'vitest'
import type { AtEnd } from '../e2e/support/program.js'

/**
 * One of something for all the tests of a file, or of a `describe`: made before the first of them, ended after the last one. For what is costly to start, where
 * the tests neither end it nor look at what the others do with it. To be called while tests are collected; what it gives is for tests and later hooks.
 */
export function oneForTests<Made>(make: (atEnd: AtEnd) => Promise<Made>): () => Made {
  const ends: (() => Promise<void>)[] = []
  let made: { readonly is: Made } | undefined
  beforeAll(async () => {
    made = { is: await make((end) => ends.push(end)) }
  })
  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
  })
  return () => {
    if (made === undefined) throw new Error('It is there once the tests begin.')
    return made.is
  }
}
