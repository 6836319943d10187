import { parseSource } from '../../download/source-url.js'
import { CompileError } from '../compile-error.js'
import { DEFAULT_LIMITS } from '../limits.js'
import type { CompileLimits } from '../limits.js'
import { kindOf } from '../patterns/matcher.js'
import { regexProblem } from '../patterns/regex-problem.js'
import type { ConfigurationRules, SourcePlaces } from './configuration-rules.js'

type Report = (pointer: string, message: string) => void
/** What may be anything: its form is checked elsewhere, and what has the wrong one is passed over here. */
type Members = Readonly<Record<string, unknown>>

/**
 * Checks what a configuration holds, before anything is loaded: how many sources and patterns there are, whether patterns are any, and where
 * sources are.
 */
export function checkContent(configuration: unknown, { limits: given, places }: ConfigurationRules, report: Report): void {
  const limits = { ...DEFAULT_LIMITS, ...given }
  const top = membersOf(configuration)
  checkLevel(top, '', limits, places, report)
  const sources = listIn(top, 'sources')
  if (sources.length > limits.sources) {
    report('/sources', `has ${sources.length} items; at most ${limits.sources} are allowed`)
    return
  }
  for (const [index, item] of sources.entries()) {
    const source = membersOf(item)
    const pointer = `/sources/${index}`
    checkPlace(source['source'], `${pointer}/source`, places, report)
    checkLevel(source, pointer, limits, places, report)
  }
}

function checkLevel(level: Members, pointer: string, limits: CompileLimits, places: SourcePlaces | undefined, report: Report): void {
  for (const mode of ['exclusions', 'inclusions']) {
    const patterns = listIn(level, mode)
    if (patterns.length > limits.patterns) {
      report(`${pointer}/${mode}`, `has ${patterns.length} patterns; at most ${limits.patterns} are allowed at one level`)
    } else {
      for (const [index, pattern] of patterns.entries()) checkPattern(pattern, `${pointer}/${mode}/${index}`, limits, report)
    }
    for (const [index, file] of listIn(level, `${mode}_sources`).entries()) {
      checkPlace(file, `${pointer}/${mode}_sources/${index}`, places, report)
    }
  }
}

function checkPattern(pattern: unknown, pointer: string, { patternLength }: CompileLimits, report: Report): void {
  if (typeof pattern !== 'string') return
  if (pattern.length > patternLength) report(pointer, `has ${pattern.length} characters; at most ${patternLength} are allowed`)
  else if (kindOf(pattern) === 'regex') {
    const problem = regexProblem(pattern.slice(1, -1))
    if (problem !== undefined) report(pointer, `is not a regular expression: ${problem}`)
  }
}

/** Nothing of the address itself is said: it may have secrets. */
function checkPlace(source: unknown, pointer: string, places: SourcePlaces | undefined, report: Report): void {
  if (places === undefined || typeof source !== 'string' || source === '' || places.isPreFetched?.(source) === true) return
  try {
    if (parseSource(source) !== undefined || places.localFiles) return
    report(pointer, 'is neither an http or https URL nor the name of a pre-fetched text, and local files are not allowed here')
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    report(pointer, `can't be loaded: ${error.message.replace(/\.$/u, '')}`)
  }
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}
}

function listIn(members: Members, name: string): readonly unknown[] {
  const value = members[name]
  return Array.isArray(value) ? value : []
}
