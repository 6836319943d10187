import type { Cells } from './cells.js'
import type { LibraryFormat } from './columns/format.js'
import { listOf } from './values/text.js'

/** Libib's words for what other places call shelves. */
const LIBIB: Readonly<Record<string, string>> = { completed: 'read', 'in progress': 'currently-reading', 'not begun': 'to-read' }

/** On which shelf a book stands: as the place says it; for LibraryThing made of collections and dates (books-import.md). */
export function readShelf(
  cells: Cells,
  format: LibraryFormat,
  dates: { readonly read: string | null; readonly started: string | null },
): string | null {
  const shelf = cells.at(cells.columns.shelf).trim()
  if (format === 'libib') return LIBIB[shelf.toLowerCase()] ?? (shelf === '' ? null : shelf)
  if (format !== 'librarything') return shelf === '' ? null : shelf
  const collections = new Set(listOf(cells.at(cells.columns.collections).toLowerCase(), /[,;|]/))
  if (collections.has('currently reading')) return 'currently-reading'
  if (collections.has('to read') || collections.has('wishlist')) return 'to-read'
  if (dates.read !== null || collections.has('read but unowned')) return 'read'
  return dates.started === null ? null : 'currently-reading'
}
