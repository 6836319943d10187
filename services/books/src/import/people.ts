import type { Cells } from './cells.js'
import type { LibraryFormat } from './columns/format.js'
import type { Contributor } from './row.js'
import type { Named, NameStyle } from './values/authors.js'
import { NAME_LENGTH, readNames, readRole } from './values/authors.js'
import { cleanText, cutText } from './values/text.js'

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

/** The people of a row. Those of whom nothing is said are authors, in the order of the file, each once. */
export function readPeople(cells: Cells, format: LibraryFormat): People {
  const [style, additionalStyle] = STYLES[format]
  const mainRole = readRole(cells.at(cells.columns.authorRole))
  const main = mainAuthors(cells, style)
  const additional = cells.at(cells.columns.additionalAuthors)
  const listed = cells.at(cells.columns.contributors)
  const [only] = main
  // Most books have one author, and nothing is said of others.
  if (only !== undefined && main.length === 1 && additional === '' && listed === '' && cells.others.length === 0) {
    const role = only.role ?? mainRole ?? 'author'
    if (role === 'author') return { authors: [only.name], contributors: [] }
  }
  const authors: string[] = []
  const contributors: Contributor[] = []
  const add = ({ name }: Named, role: Contributor['role']): void => {
    if (role === 'author') {
      if (!authors.includes(name)) authors.push(name)
    } else if (!contributors.some((other) => other.name === name && other.role === role)) {
      contributors.push({ name, role })
    }
  }
  for (const person of main) add(person, person.role ?? mainRole ?? 'author')
  if (additional !== '') {
    const roles = cells.at(cells.columns.additionalRoles).split('|')
    const isOneEach = additionalStyle === 'bars'
    for (const [index, person] of readNames(additional, additionalStyle).entries()) {
      add(person, person.role ?? (isOneEach ? readRole(roles[index] ?? '') : undefined) ?? 'author')
    }
  }
  if (listed !== '')
    for (const person of readNames(listed, style === 'single' ? 'commas' : style)) add(person, person.role ?? 'contributor')
  for (const [column, role] of cells.others) {
    const text = cells.at(column)
    if (text !== '') for (const person of readNames(text, 'any')) add(person, role)
  }
  return { authors, contributors }
}

function mainAuthors(cells: Cells, style: NameStyle): readonly Named[] {
  const field = cells.at(cells.columns.authors)
  if (field !== '') return readNames(field, style)
  const turned = cells.at(cells.columns.authorLastFirst)
  if (turned !== '') return readNames(turned, style === 'single' ? 'bars' : style)
  const name = cleanText(`${cells.at(cells.columns.firstName)} ${cells.at(cells.columns.lastName)}`)
  return name === '' ? [] : [{ name: cutText(name, NAME_LENGTH), role: undefined }]
}
