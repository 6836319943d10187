import { CompileError } from '../compile-error.js'
import type { CompileLimits } from '../limits.js'
import { isDirective } from './lines.js'
import type { SourceAddress } from './source-name.js'
import type { SourceTexts } from './source-texts.js'

/** A source's lines, its conditions resolved and its includes put in. */
export interface ReadSource {
  readonly lines: string[]
  readonly bytes: number
  readonly isStale: boolean
}

/** Reads sources within the limits that all sources of a compilation share. */
export class SourceReader {
  readonly #texts: SourceTexts
  readonly #limits: CompileLimits
  #includes = 0
  #lines = 0

  constructor(texts: SourceTexts, limits: CompileLimits) {
    this.#texts = texts
    this.#limits = limits
  }

  /**
   * @throws CompileError INVALID_DIRECTIVE, INCLUDE_CYCLE, INCLUDE_TOO_DEEP, TOO_MANY_INCLUDES, TOO_MANY_LINES, INCLUDE_OTHER_ORIGIN and
   * what loading refuses with
   */
  async read(source: SourceAddress, above: readonly SourceAddress[] = []): Promise<ReadSource> {
    const { lines, size, base, isStale } = await this.#texts.get(source)
    this.#lines += lines.length
    if (this.#lines > this.#limits.totalLines) {
      throw new CompileError('TOO_MANY_LINES', `The sources have more than the allowed ${this.#limits.totalLines} lines together.`)
    }
    if (!lines.some(isDirective)) return { lines, bytes: size, isStale }
    // Most lists have none: what reads them is loaded for those that do.
    const { resolveConditions } = await import('./conditions.js')
    const kept = resolveConditions(lines, source.shown, this.#limits)
    return { lines: await this.#include(kept, base, [...above, source]), bytes: size, isStale }
  }

  /** Puts the lines of every include in its place. */
  async #include(lines: string[], base: SourceAddress, chain: readonly SourceAddress[]): Promise<string[]> {
    const { dropDiffPath, includedName, resolveInclude } = await import('./include.js')
    let output: string[] | undefined
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] as string
      const name = includedName(line)
      if (name === undefined) {
        output?.push(line)
        continue
      }
      output ??= lines.slice(0, i)
      const included = await this.#readInclude(resolveInclude(name, base), chain)
      for (const one of dropDiffPath(included)) output.push(one)
    }
    return output ?? lines
  }

  async #readInclude(target: SourceAddress, chain: readonly SourceAddress[]): Promise<string[]> {
    const { includeDepth, includes } = this.#limits
    if (chain.some(({ given }) => given === target.given)) {
      const circle = [...chain, target].map(({ shown }) => shown).join(' includes ')
      throw new CompileError('INCLUDE_CYCLE', `An !#include goes round in a circle: ${circle}.`)
    }
    if (chain.length > includeDepth) {
      throw new CompileError('INCLUDE_TOO_DEEP', `!#include nests deeper than the allowed ${includeDepth} levels at ${target.shown}.`)
    }
    this.#includes++
    if (this.#includes > includes) {
      throw new CompileError('TOO_MANY_INCLUDES', `More than the allowed ${includes} files are included.`)
    }
    return (await this.read(target, chain)).lines
  }
}
