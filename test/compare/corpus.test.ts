import { expect, test } from 'vitest'
import { compiled } from './compiled.js'
import { readCorpus } from './corpus.mjs'
import { comparable } from './outcome.mjs'

// What AdGuard's HostlistCompiler gives for these configurations was written down by `npm run compare:filters -- --update`.

test.each(readCorpus().map((fact) => [fact.case.name, fact] as const))('%s', async (_, { case: one, expected }) => {
  expect(comparable(await compiled(one))).toEqual(expected)
})
