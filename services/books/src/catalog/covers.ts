/** The same cover in three sizes. */
export interface CoverUrls {
  readonly large: string
  readonly medium: string
  readonly small: string
}

const OPEN_LIBRARY = 'https://covers.openlibrary.org/b'

/**
 * Where Open Library has the cover of an edition: by the number of the cover where it is known, else by the ISBN, where there may be none
 * (the address then answers 404). Nothing is asked here.
 *
 * @see https://openlibrary.org/dev/docs/api/covers
 */
export function coverUrls(cover: { readonly coverId: number } | { readonly isbn: string }): CoverUrls {
  const address = (size: 'L' | 'M' | 'S'): string =>
    'coverId' in cover
      ? `${OPEN_LIBRARY}/id/${String(cover.coverId)}-${size}.jpg`
      : `${OPEN_LIBRARY}/isbn/${cover.isbn}-${size}.jpg?default=false`
  return { large: address('L'), medium: address('M'), small: address('S') }
}
