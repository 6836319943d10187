import { isbn10Of } from './books.mjs'

/** The key that this stand-in takes. */
export const GOOGLE_KEY = 'stand-in-google-key'

/**
 * The volumes of Google Books, in the shape of https://developers.google.com/books/docs/v1/reference/volumes.
 *
 * @param {import('./server.mjs').Request} request
 * @param {import('./server.mjs').Known} known
 */
export function answerGoogleBooks({ path, query, headers }, known) {
  if (path !== '/books/v1/volumes') return { status: 404, json: { error: { code: 404, message: 'Not Found' } } }
  if ((headers['x-goog-api-key'] ?? query.get('key')) !== GOOGLE_KEY) {
    return { status: 400, json: { error: { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' } } }
  }
  const q = query.get('q') ?? ''
  const [, isbn] = /^isbn:(\S+)$/.exec(q) ?? []
  const [, title = ''] = /intitle:"([^"]*)"/.exec(q) ?? []
  const [, author = ''] = /inauthor:"([^"]*)"/.exec(q) ?? []
  const found = isbn === undefined ? known.byTitle(title, author) : [known.byIsbn(isbn) ?? []].flat()
  const items = found.slice(0, Number(query.get('maxResults') ?? 10)).map((facts) => volume(facts))
  return { json: { kind: 'books#volumes', totalItems: found.length, ...(items.length > 0 && { items }) } }
}

/** What a search asks for by ISBN. */
export const googleIsbns = ({ query }) => /^isbn:(\S+)$/.exec(query.get('q') ?? '')?.slice(1) ?? []

function volume({ isbn13, title, subtitle, authors, publisher, date, pages, subjects, language, description, number }) {
  const image = (zoom) => `http://books.google.com/books/content?id=${number}&printsec=frontcover&img=1&zoom=${zoom}`
  return {
    kind: 'books#volume',
    id: `v${number}`,
    volumeInfo: {
      title,
      ...(subtitle !== undefined && { subtitle }),
      authors,
      publisher,
      publishedDate: date === undefined ? undefined : new Date(`${date} UTC`).toISOString().slice(0, 10),
      description,
      industryIdentifiers: [
        { type: 'ISBN_10', identifier: isbn10Of(isbn13) },
        { type: 'ISBN_13', identifier: isbn13 },
      ],
      pageCount: pages,
      categories: subjects,
      language: language?.slice(0, 2),
      imageLinks: { smallThumbnail: image(5), thumbnail: image(1) },
    },
  }
}
