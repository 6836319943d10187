import type { Columns } from './columns/fields.js'
import type { LibraryFormat } from './columns/format.js'
import type { Contributor } from './row.js'
import type { Named, NameStyle } from './values/authors.js'
import { readNames, readRole } from './values/authors.js'
import { cleanText } from './values/text.js'

/** Gives a field of a row, empty where there is no such column. */
export type FieldOf = (field: keyof Columns) => string

/** Who wrote a book, and who had another part in it. */
export interface People {
  readonly authors: readonly string[]
  readonly contributors: readonly Contributor[]
}

/** How a place writes the authors, and those behind the first. */
const STYLES: Readonly<Record<LibraryFormat, readonly [authors: NameStyle, additional: NameStyle]>> = {
  goodreads: ['single', 'commas'],
  storygraph: ['commas', 'commas'],
  librarything: ['bars', 'bars'],
  calibre: ['ampersands', 'ampersands'],
  libib: ['commas', 'commas'],
  csv: ['any', 'any'],
}
const OTHERS = [
  ['translators', 'translator'],
  ['narrators', 'narrator'],
  ['illustrators', 'illustrator'],
  ['editors', 'editor'],
] as const

/** The people of a row. Those of whom nothing is said are authors, in the order of the file, each once. */
export function readPeople(fieldOf: FieldOf, format: LibraryFormat): People {
  const [style, additionalStyle] = STYLES[format]
  const authors: string[] = []
  const contributors: Contributor[] = []
  const add = ({ name }: Named, role: Contributor['role']): void => {
    if (role === 'author') {
      if (!authors.includes(name)) authors.push(name)
    } else if (!contributors.some((other) => other.name === name && other.role === role)) {
      contributors.push({ name, role })
    }
  }
  const mainRole = readRole(fieldOf('authorRole'))
  for (const person of mainAuthors(fieldOf, style)) add(person, person.role ?? mainRole ?? 'author')
  const additional = fieldOf('additionalAuthors')
  if (additional !== '') {
    const roles = fieldOf('additionalRoles').split('|')
    const isOneEach = additionalStyle === 'bars'
    for (const [index, person] of readNames(additional, additionalStyle).entries()) {
      add(person, person.role ?? (isOneEach ? readRole(roles[index] ?? '') : undefined) ?? 'author')
    }
  }
  const listed = fieldOf('contributors')
  if (listed !== '')
    for (const person of readNames(listed, style === 'single' ? 'commas' : style)) add(person, person.role ?? 'contributor')
  for (const [field, role] of OTHERS) {
    const text = fieldOf(field)
    if (text !== '') for (const person of readNames(text, 'any')) add(person, role)
  }
  return { authors, contributors }
}

function mainAuthors(fieldOf: FieldOf, style: NameStyle): readonly Named[] {
  const field = fieldOf('authors')
  if (field !== '') return readNames(field, style)
  const turned = fieldOf('authorLastFirst')
  if (turned !== '') return readNames(turned, style === 'single' ? 'bars' : style)
  const name = cleanText(`${fieldOf('firstName')} ${fieldOf('lastName')}`)
  return name === '' ? [] : [{ name, role: undefined }]
}
