import { CompileError } from '../compile-error.js'
import type { FieldError } from '../compile-error.js'
import { checkContent } from './check-content.js'
import type { ConfigurationRules } from './configuration-rules.js'
import { TRANSFORMATION_NAMES, VALIDATE_FAMILY } from './transformation-names.js'
import type { Configuration } from './types.js'

type Report = (pointer: string, message: string) => void
type Check = (value: unknown, pointer: string, report: Report) => void
type Members = Readonly<Record<string, { readonly check: Check; readonly isRequired?: true }>>

/** Errors beyond these are not told: nobody reads them. */
const MAX_FIELD_ERRORS = 100

/**
 * Checks a configuration as strictly as the original: an unknown key is an error that names it. Beside its form, what is in it is checked:
 * its patterns, its limits, and where its sources are, so that nothing is loaded for what can't be compiled.
 *
 * @throws CompileError INVALID_CONFIGURATION whose `fields` point to everything that is wrong (at most 100)
 */
export function validateConfiguration(value: unknown, rules: ConfigurationRules = {}): Configuration {
  const fields: FieldError[] = []
  const report: Report = (pointer, message) => {
    if (fields.length < MAX_FIELD_ERRORS) fields.push({ pointer, message })
  }
  checkConfiguration(value, '', report)
  if (rules.content !== false) checkContent(value, rules, report)
  const first = fields[0]
  if (first !== undefined) {
    const more = fields.length === 1 ? '' : ` (and ${fields.length - 1} more)`
    const where = first.pointer === '' ? 'it' : first.pointer
    throw new CompileError('INVALID_CONFIGURATION', `The configuration is not valid: ${where} ${first.message}${more}.`, { fields })
  }
  return value as Configuration
}

const text: Check = (value, pointer, report) => {
  if (typeof value !== 'string') report(pointer, `must be a string, not ${nameOfType(value)}`)
}

const filledText: Check = (value, pointer, report) => {
  text(value, pointer, report)
  if (value === '') report(pointer, 'must not be empty')
}

function listOf(check: Check, atLeastOne = false): Check {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) report(pointer, `must be an array, not ${nameOfType(value)}`)
    else if (atLeastOne && value.length === 0) report(pointer, 'must have at least one item')
    else for (const [index, item] of value.entries()) check(item, `${pointer}/${index}`, report)
  }
}

function oneOf(names: readonly string[]): Check {
  return (value, pointer, report) => {
    if (typeof value === 'string' && names.includes(value)) return
    report(pointer, `must be one of ${names.join(', ')}, not ${typeof value === 'string' ? quoted(value) : nameOfType(value)}`)
  }
}

function objectOf(members: Members): Check {
  const names = Object.keys(members)
  return (value, pointer, report) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      report(pointer, `must be an object, not ${nameOfType(value)}`)
      return
    }
    for (const name of names) {
      if (members[name]?.isRequired === true && !Object.hasOwn(value, name)) report(`${pointer}/${name}`, 'is missing')
    }
    for (const [name, member] of Object.entries(value)) {
      const at = `${pointer}/${escaped(name)}`
      if (!Object.hasOwn(members, name)) report(at, `is not known; ${quoted(name)} is none of ${names.join(', ')}`)
      else if (member !== undefined || members[name]?.isRequired === true) members[name]?.check(member, at, report)
    }
  }
}

/** One level's transformations: known names, of which at most one validates. One given twice is no error. */
const transformations: Check = (value, pointer, report) => {
  listOf(oneOf(TRANSFORMATION_NAMES))(value, pointer, report)
  const family = validatingIn(value)
  if (family.length > 1) report(pointer, `may have one of ${family.join(', ')}, not several`)
}

function validatingIn(value: unknown): string[] {
  const names: unknown[] = Array.isArray(value) ? value : []
  return [...VALIDATE_FAMILY].filter((name) => names.includes(name))
}

const LEVEL: Members = {
  transformations: { check: transformations },
  exclusions: { check: listOf(text) },
  exclusions_sources: { check: listOf(text) },
  inclusions: { check: listOf(text) },
  inclusions_sources: { check: listOf(text) },
}

const source = objectOf({
  source: { check: filledText, isRequired: true },
  name: { check: filledText },
  type: { check: oneOf(['adblock', 'hosts']) },
  ...LEVEL,
})

const topLevel = objectOf({
  name: { check: filledText, isRequired: true },
  description: { check: text },
  homepage: { check: text },
  license: { check: text },
  version: { check: text },
  sources: { check: listOf(source, true), isRequired: true },
  ...LEVEL,
})

const checkConfiguration: Check = (value, pointer, report) => {
  topLevel(value, pointer, report)
  const { transformations: own, sources } = Object(value) as { readonly transformations?: unknown; readonly sources?: unknown }
  const top = validatingIn(own)
  if (top.length === 0 || !Array.isArray(sources)) return
  for (const [index, item] of sources.entries()) {
    const below = validatingIn((Object(item) as { readonly transformations?: unknown }).transformations)
    if (below.length === 0) continue
    report(`${pointer}/sources/${index}/transformations`, `has ${below[0]}, but ${top[0]} is in the list's own: validate at one level only`)
  }
}

function nameOfType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return value === undefined ? 'nothing' : `a ${typeof value}`.replace(/^a (object)$/u, 'an $1')
}

function quoted(value: string): string {
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}...` : value)
}

/** A name as a part of a JSON pointer. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
