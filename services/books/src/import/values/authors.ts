import type { Contributor } from '../row.js'
import { cleanText, cutText } from './text.js'

type Role = Contributor['role']

const ROLES: readonly (readonly [Role, RegExp])[] = [
  ['translator', /^(?:transl?|translat|übersetz|traduc|tradut|traduz|vertal)/i],
  ['narrator', /^(?:narrat|read by|reader|sprecher)/i],
  ['illustrator', /^(?:illus|ill\b|ilustr|artist|cover|pencil|ink)/i],
  ['editor', /^(?:ed\b|eds\b|edit|hrsg|herausgeb)/i],
  ['author', /^(?:author|autor|auteur|writer|written)/i],
]
/** Words that begin a family name of several words. */
const PARTICLES = new Set(
  "al bin d' da dal de del della den der des di dos du el ibn la las le les los lo mac mc o' saint san santa st st. ten ter van vander vom von zu".split(
    ' ',
  ),
)
const SUFFIX = /^(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq)\.?$/i
const ROLE_BEHIND = /^(.*\S)\s*[([]([^()[\]]{2,40})[)\]]$/u
/** Longer fields are taken for one name, in characters. */
const LENGTH_AT_MOST = 2000
/** Of a longer name only so much is read, in characters: the catalog is asked for it. */
export const NAME_LENGTH = 500

/** How a place writes several names in one field. */
export type NameStyle =
  /** One name, as it is. */
  | 'single'
  /** `First Last, First Last`. */
  | 'commas'
  /** `Last, First|Last, First`. */
  | 'bars'
  /** `First Last & First Last`. */
  | 'ampersands'
  /** Whatever people write. */
  | 'any'

/** What people are called, and what they did. */
export interface Named {
  readonly name: string
  /** Undefined: nothing is said. */
  readonly role: Role | undefined
}

/** The people of a field. */
export function readNames(field: string, style: NameStyle): readonly Named[] {
  const text = cleanText(field)
  if (text === '') return []
  if (text.length > LENGTH_AT_MOST) return [{ name: cutText(text, NAME_LENGTH), role: undefined }]
  if (style === 'single') return [named(text)]
  return partsOf(text, style)
    .map(named)
    .filter(({ name }) => name !== '')
}

/** What somebody did, as a place says it. Undefined where nothing is said. */
export function readRole(text: string): Role | undefined {
  const trimmed = text.trim()
  return trimmed === '' ? undefined : (ROLES.find(([, pattern]) => pattern.test(trimmed))?.[0] ?? 'contributor')
}

function partsOf(text: string, style: NameStyle): readonly string[] {
  if (style === 'bars') return text.split('|').map(turned)
  if (style === 'ampersands') return text.split(/\s+&\s+|\s*;\s*|\|/).map(turned)
  if (style === 'commas') return joinSuffixes(text.split(/\s*[,;]\s*/))
  const parts = text.split(/\s*[;|]\s*|\s+&\s+|\s+(?:and|und|et|y)\s+(?=\p{Lu})/u)
  return parts.length > 1 ? parts.flatMap((part) => splitCommas(part, true)) : splitCommas(text, false)
}

/** Names with commas in a field that says no more: `Last, First`, `First Last, First Last`, or `Last, First, Last, First`. */
function splitCommas(text: string, isOneOfMany: boolean): readonly string[] {
  if (!text.includes(',')) return [text]
  const parts = joinSuffixes(text.split(/\s*,\s*/))
  const [first = '', second = ''] = parts
  if (parts.length === 1) return [first]
  if (parts.length === 2) {
    const isTurned = isOneOfMany || isFamilyName(first) || (isGivenName(second) && !isGivenName(first))
    return isTurned ? [joined(first, second)] : parts
  }
  const isPairs = parts.length % 2 === 0 && parts.every((part, index) => index % 2 === 1 || isFamilyName(part))
  if (!isPairs || parts.every((part) => part.includes(' '))) return parts
  return Array.from({ length: parts.length / 2 }, (_, index) => joined(parts[index * 2] ?? '', parts[index * 2 + 1] ?? ''))
}

/** `Last, First` the other way round. */
function turned(name: string): string {
  const parts = joinSuffixes(name.split(/\s*,\s*/))
  return parts.length === 2 ? joined(parts[0] ?? '', parts[1] ?? '') : name
}

/** `King` and `Martin Luther, Jr.`: what follows a name stays at its end. */
function joined(last: string, first: string): string {
  const comma = first.lastIndexOf(', ')
  return comma === -1 ? `${first} ${last}` : `${first.slice(0, comma)} ${last}${first.slice(comma)}`
}

function joinSuffixes(parts: readonly string[]): readonly string[] {
  const joined: string[] = []
  for (const part of parts) {
    if (part === '') continue
    if (SUFFIX.test(part) && joined.length > 0) joined.push(`${joined.pop()}, ${part}`)
    else joined.push(part)
  }
  return joined
}

function isFamilyName(text: string): boolean {
  const [first = '', ...more] = text.replace(/, .*$/, '').split(' ')
  return more.length === 0 || PARTICLES.has(first.toLowerCase())
}

/** One word, or a word and initials. */
function isGivenName(text: string): boolean {
  const [, ...more] = text.split(' ')
  return more.every((word) => /^\p{Lu}\.?$/u.test(word)) || /^(?:\p{Lu}\.\s?)+$/u.test(text)
}

function named(whole: string): Named {
  const text = cutText(whole, NAME_LENGTH)
  const found = text.endsWith(')') || text.endsWith(']') ? ROLE_BEHIND.exec(text) : null
  if (found === null) return { name: text.trim(), role: undefined }
  return { name: found[1] ?? text, role: readRole(found[2] ?? '') }
}
