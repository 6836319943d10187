import { isbn10Of } from './books.mjs'

/** The key that this stand-in takes. */
export const ISBNDB_KEY = 'stand-in-isbndb-key'

/**
 * ISBNdb's batch look-up and search, in the shapes of https://isbndb.com/apidocs/v2.
 *
 * @param {import('./server.mjs').Request} request
 * @param {import('./server.mjs').Known} known
 */
export function answerIsbndb({ method, path, query, headers, body }, known) {
  if (headers.authorization !== ISBNDB_KEY) return { status: 401, json: { message: 'Unauthorized' } }
  if (method === 'POST' && path === '/books') {
    const { isbns = [] } = body ?? {}
    const data = isbns.flatMap((isbn) => known.byIsbn(isbn) ?? []).map((facts) => book(facts))
    return { json: { total: data.length, requested: isbns.length, data } }
  }
  const [, title] = /^\/books\/([^/]+)$/.exec(path) ?? []
  if (method !== 'GET' || title === undefined) return { status: 404, json: { errorMessage: 'Not Found' } }
  const found = known.byTitle(decodeURIComponent(title), '')
  if (found.length === 0) return { status: 404, json: { errorMessage: 'Not Found' } }
  return { json: { total: found.length, books: found.slice(0, Number(query.get('pageSize') ?? 20)).map((facts) => book(facts)) } }
}

/** What a batch asks for. */
export const isbndbIsbns = ({ body }) => body?.isbns ?? []

function book({ isbn13, title, subtitle, authors, publisher, date, pages, subjects, language, description, number }) {
  return {
    title,
    title_long: subtitle === undefined ? title : `${title}: ${subtitle}`,
    isbn: isbn10Of(isbn13),
    isbn13,
    authors,
    binding: 'Paperback',
    publisher: publisher ?? null,
    language: language?.slice(0, 2),
    date_published: date === undefined ? undefined : new Date(`${date} UTC`).toISOString().slice(0, 10),
    pages,
    subjects: subjects ?? [],
    synopsis: description === undefined ? null : `<p>${description}</p>`,
    image: `http://images.isbndb.com/covers/${number}.jpg`,
    msrp: 0,
  }
}
