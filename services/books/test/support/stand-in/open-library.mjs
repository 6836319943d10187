import { isbn10Of } from './books.mjs'

/**
 * Open Library's Books API and search, in the shapes of https://openlibrary.org/dev/docs/api/books and /search.
 *
 * @param {import('./server.mjs').Request} request
 * @param {import('./server.mjs').Known} known
 */
export function answerOpenLibrary({ path, query }, known) {
  if (path === '/api/books') return { json: editionsBy(query.get('bibkeys') ?? '', known) }
  if (path === '/search.json') return { json: search(query, known) }
  return { status: 404, json: { error: 'notfound', key: path } }
}

/** What `bibkeys` asks for. */
export const openLibraryIsbns = ({ query }) =>
  (query.get('bibkeys') ?? '').split(',').flatMap((key) => (key.startsWith('ISBN:') ? [key.slice(5)] : []))

function editionsBy(bibkeys, known) {
  const found = {}
  for (const key of bibkeys.split(',')) {
    const facts = known.byIsbn(key.replace(/^ISBN:/, ''))
    if (facts !== undefined) found[key] = edition(facts)
  }
  return found
}

function edition({ isbn13, title, subtitle, authors, publisher, date, pages, subjects, number }) {
  return {
    url: `https://openlibrary.org/books/OL${number}M/${encodeURIComponent(title)}`,
    key: `/books/OL${number}M`,
    title,
    ...(subtitle !== undefined && { subtitle }),
    authors: authors.map((name, at) => ({ url: `https://openlibrary.org/authors/OL${number}${at}A/x`, name })),
    ...(pages !== undefined && { number_of_pages: pages }),
    identifiers: {
      isbn_13: [isbn13],
      ...(isbn13.startsWith('978') && { isbn_10: [isbn10Of(isbn13)] }),
      openlibrary: [`OL${number}M`],
    },
    ...(publisher !== undefined && { publishers: [{ name: publisher }] }),
    ...(date !== undefined && { publish_date: date }),
    ...(subjects !== undefined && {
      subjects: [...subjects, 'nyt:series_books=2008-03-15'].map((name) => ({ name, url: `https://openlibrary.org/subjects/${name}` })),
    }),
    ...(number !== undefined && { cover: coverOf(number) }),
  }
}

function coverOf(number) {
  const at = (size) => `http://covers.openlibrary.org/b/id/${number}-${size}.jpg`
  return { small: at('S'), medium: at('M'), large: at('L') }
}

function search(query, known) {
  const found = known.byTitle(query.get('title') ?? '', query.get('author') ?? '')
  const docs = found.slice(0, Number(query.get('limit') ?? 100)).map((facts) => work(facts))
  return { numFound: found.length, start: 0, numFoundExact: true, docs, q: '', offset: null }
}

function work({ isbn13, title, subtitle, authors, publisher, date, subjects, language, number }) {
  const doc = {
    key: `/books/OL${number}M`,
    title,
    isbn: [isbn10Of(isbn13), isbn13],
    ...(subtitle !== undefined && { subtitle }),
    ...(language !== undefined && { language: [language] }),
    ...(publisher !== undefined && { publisher: [publisher] }),
    ...(date !== undefined && { publish_date: [date] }),
    ...(number !== undefined && { cover_i: number }),
  }
  return {
    key: `/works/OL${number}W`,
    title,
    author_name: authors,
    first_publish_year: 1950,
    subject: subjects,
    cover_i: number,
    editions: { numFound: 1, start: 0, numFoundExact: true, docs: [doc] },
  }
}
