import { compile, type Configuration, type Load } from '@headway/filters/compiler'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { readCorpus } from './corpus.mjs'
import { comparable } from './outcome.mjs'
import { fileOf, servedConfiguration } from './run/served-case.mjs'

// What AdGuard's HostlistCompiler gives for these configurations was written down by `npm run compare:filters -- --update`.

test.each(readCorpus().map((fact) => [fact.case.name, fact] as const))('%s', async (_, { case: one, expected }) => {
  const outcome = await compiled(servedConfiguration(one) as Configuration, loadFrom(one))
  expect(comparable(outcome)).toEqual(expected)
})

async function compiled(configuration: Configuration, load: Load): Promise<{ lines: readonly string[] } | { error: string }> {
  try {
    const { rules } = await compile(configuration, { load })
    return { lines: rules }
  } catch (error) {
    return { error: String(error) }
  }
}

/** Loads the files of a case. */
function loadFrom(one: { files: Record<string, string> }): Load {
  return async (source) => {
    const bytes = fileOf(one, source)
    if (bytes === undefined) throw new Error(`There is no ${source}.`)
    return Promise.resolve({ bytes, sha256: createHash('sha256').update(bytes).digest('hex') })
  }
}
