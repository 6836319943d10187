import { useLocalStorage } from '@mantine/hooks'
import type { BookItem } from '../model/books.js'

/** Whether covers that the server did not name are asked of Open Library, which learns what is looked at: off until it is switched on in this browser. */
export function useOutsideCovers(): readonly [boolean, (on: boolean) => void] {
  const [on, setOn] = useLocalStorage({ key: 'headway.outside-covers', defaultValue: false, getInitialValueInEffect: false })
  return [on, setOn]
}

/**
 * Where a book's cover is. Open Library answers 404 where it has none.
 *
 * @param outside whether Open Library may be asked for what the server named no cover of
 * @see https://openlibrary.org/dev/docs/api/covers
 */
export function coverUrlOf({ coverUrl, isbn }: Pick<BookItem, 'coverUrl' | 'isbn'>, outside: boolean): string | undefined {
  if (coverUrl !== undefined || !outside || !/^\d{13}$/.test(isbn)) return coverUrl
  return `https://covers.openlibrary.org/b/isbn/${isbn}-M.jpg?default=false`
}
