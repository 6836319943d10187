import type { Json } from '@headway/protocol'
import type { RJSFSchema } from '@rjsf/utils'
import { mistakesIn, tokensOf } from '../schema/validator.js'
import type { Mistake } from '../schema/validator.js'

/** A mistake with the line where it is, where that is known. */
export interface PlacedMistake extends Mistake {
  readonly line?: number
}

/** What a text says: the input of a compilation, or what is wrong with it. */
export interface ReadConfiguration {
  readonly input?: Json
  readonly mistakes: readonly PlacedMistake[]
  /** Places what the server says of the input. */
  readonly place: (mistakes: readonly Mistake[]) => readonly PlacedMistake[]
}

/**
 * Reads a configuration as JSON or YAML: the whole input (`configuration` and more), or what stands in its `configuration`.
 *
 * @param schema of the input
 */
export async function readConfiguration(text: string, schema: RJSFSchema): Promise<ReadConfiguration> {
  const { LineCounter, isNode, parseDocument } = await import('yaml')
  const lines = new LineCounter()
  // JSON is YAML, too.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const mistakes = document.errors.map(({ message, pos }) => ({ pointer: '', message, line: lines.linePos(pos[0]).line }))
    return { mistakes, place: (others) => others }
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 })
  const isWhole = typeof value !== 'object' || value === null || 'configuration' in value
  const input = (isWhole ? value : { configuration: value }) as Json
  const place = (mistakes: readonly Mistake[]): PlacedMistake[] =>
    mistakes.map((mistake) => {
      let path = tokensOf(mistake.pointer)
      if (!isWhole && path[0] === 'configuration') path = path.slice(1)
      // What is missing has no line: that of what it is missing in.
      for (; ; path = path.slice(0, -1)) {
        const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true)
        const start = isNode(node) ? node.range?.[0] : undefined
        if (start !== undefined) return { ...mistake, line: lines.linePos(start).line }
        if (path.length === 0) return mistake
      }
    })
  return { input, mistakes: place(mistakesIn(input, schema)), place }
}
