import type { TransformationName } from '@headway/filters/compiler'
import { compile } from '@headway/filters/compiler'

/** The lines of a list after the list's header and its one source's header. */
export async function compileLines(text: string, transformations: readonly TransformationName[], more: object = {}): Promise<string[]> {
  const source = { source: 'list', transformations, ...more }
  const { rules } = await compile({ name: 'n', sources: [source] }, { preFetched: { list: text } })
  return rules.slice(rules.indexOf('! Source: list') + 2)
}
