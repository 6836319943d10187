import { fold, wordsOf } from '../fold.js'
import { likeness, nearest } from './similarity.js'

/** An author's name as it is compared: the surname, and what stands before it. */
interface ComparedName {
  readonly surname: string
  readonly given: readonly string[]
}

/** Nothing is known of the authors: neither for it nor against it. */
const UNKNOWN = 0.6

/** Of two people with one surname. */
const OTHER_GIVEN_NAME = 0.5
const SAME_INITIAL = 0.6

const SUFFIXES = new Set(['jr', 'sr', 'ii', 'iii', 'phd', 'md'])

/** How well an author as somebody gives it fits the authors of a book, 0 to 1: any of several names is enough. */
export function authorScore(given: string, authors: readonly string[]): number {
  const wanted = namesOf(given)
  const known = authors.flatMap((author) => namesOf(author))
  if (wanted.length === 0 || known.length === 0) return UNKNOWN
  let best = 0
  for (const one of wanted) for (const other of known) best = Math.max(best, nameScore(one, other))
  return best
}

/** The surname of the first author, folded; empty where there is none. */
export function firstSurname(authors: readonly string[]): string {
  return namesOf(authors[0] ?? '')[0]?.surname ?? ''
}

/** The surnames of all, folded. */
export function surnamesOf(authors: readonly string[]): string[] {
  return authors.flatMap((author) => namesOf(author)).map(({ surname }) => surname)
}

function namesOf(text: string): ComparedName[] {
  const names = text.split(/\s*[;&/|]\s*|\s+(?:and|und|et|with)\s+/i)
  return names.flatMap((name) => {
    const parts = name.split(/\s*,\s*/).filter((part) => part !== '')
    // "Tolkien, J. R. R." is one name, "Neil Gaiman, Terry Pratchett" are two.
    if (parts.length > 1 && parts.every((part) => part.trim().includes(' '))) return parts.flatMap((part) => comparedName(part) ?? [])
    const [last = '', ...first] = parts
    return comparedName(`${first.join(' ')} ${last}`) ?? []
  })
}

function comparedName(text: string): ComparedName | undefined {
  const words = wordsOf(fold(text)).filter((word) => !SUFFIXES.has(word))
  const surname = words.at(-1)
  return surname === undefined ? undefined : { surname, given: words.slice(0, -1) }
}

function nameScore(a: ComparedName, b: ComparedName): number {
  if (isPart(a, b) || isPart(b, a)) return 1
  const surnames = a.surname === b.surname ? 1 : nearest(a.surname, [b.surname])
  if (surnames === 0) return wholeNames(a, b)
  if (a.given.length === 0 || b.given.length === 0) return 0.95 * surnames
  return surnames * givenNames(a.given, b.given)
}

/** "Garcia Marquez" of "Gabriel García Márquez": every word of one is a word of the other, and there are at least two. */
function isPart(a: ComparedName, b: ComparedName): boolean {
  return a.given.length > 0 && [...a.given, a.surname].every((word) => word === b.surname || b.given.includes(word))
}

/** For names whose parts stand in another order, or whose surname has several words. */
function wholeNames(a: ComparedName, b: ComparedName): number {
  const [one, other] = [a, b].map(({ surname, given }) => [...given, surname].toSorted().join(''))
  const like = likeness(one ?? '', other ?? '')
  return like >= 0.8 ? like : 0
}

function givenNames(a: readonly string[], b: readonly string[]): number {
  const [first = '', other = ''] = [a[0], b[0]]
  if (first === other) return 1
  if (first[0] !== other[0]) return OTHER_GIVEN_NAME
  // "J", "jrr" and "John", "Dan" and "Daniel" begin alike.
  if (first.startsWith(other) || other.startsWith(first) || isInitials(first) || isInitials(other)) return 1
  const like = likeness(first, other)
  return like >= 0.7 ? (1 + like) / 2 : SAME_INITIAL
}

function isInitials(word: string): boolean {
  return word.length <= 3 && !/[aeiouy]/.test(word)
}
