import { compile, type Configuration, type Load } from '@headway/filters/compiler'
import { createHash } from 'node:crypto'
import { fileOf, servedConfiguration } from './run/served-case.mjs'

interface Case {
  readonly served: string
  readonly configuration: object
  readonly files: Readonly<Record<string, string>>
}

/** Compiles a case with ours, in this process. */
export async function compiled(one: Case): Promise<{ lines: readonly string[] } | { error: string }> {
  try {
    const { rules } = await compile(servedConfiguration(one) as Configuration, { load: loadFrom(one) })
    return { lines: rules }
  } catch (error) {
    return { error: String(error) }
  }
}

/** Loads the files of a case. */
function loadFrom(one: Case): Load {
  return async (source) => {
    const bytes = fileOf(one, source)
    if (bytes === undefined) throw new Error(`There is no ${source}.`)
    return Promise.resolve({ bytes, sha256: createHash('sha256').update(bytes).digest('hex') })
  }
}
