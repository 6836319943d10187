import { TASK_KINDS } from '../chaos/jobs/task-kinds.mjs'
import { editions, isbnOf } from '../../services/books/test/support/stand-in/books.mjs'
import { rulesOf } from './lists.mjs'

/** How often in a row the workers of a filter list or of a job of books may be lost before it fails. */
const MAX_RECOVERIES = 10

/** The books that the provider's stand-in knows; those with later numbers it does not. */
const KNOWN_BOOKS = 400
const ALL_BOOKS = 500

/** What the provider's stand-in knows. */
export const BOOKS = editions(KNOWN_BOOKS)

/**
 * The jobs of all services: how one is asked for, and what its log and its result must be in the end.
 *
 * @param {{ urlOf: (name: string, ms: number) => string }} lists
 * @returns {readonly (import('../chaos/jobs/own-kinds.mjs').Kind & { checkResult?: (result: object, input: object) => string[] })[]} `checkResult` says what is wrong with
 *   the whole result of a job that completed
 */
export function clusterKinds(lists) {
  return [...TASK_KINDS.map((kind) => longer(kind)), filterList(lists), libraryImport(), enrichment()].map((kind) => ({ ...kind, labelOf }))
}

/** The key that a job of any of these types was created with. */
function labelOf({ type, input }) {
  if (type === 'compile-filters') return input.configuration.name
  if (type === 'books-import') return input.fileName.replace('.csv', '')
  if (type === 'books-enrichment') return input.books[0].title
  return input.label
}

/** Long enough for a lease to be lost meanwhile. */
function longer(kind) {
  return {
    ...kind,
    request(key, random) {
      const { path, body } = kind.request(key, random)
      return { path, body: { ...body, lines: random.between(3, 40), pauseMs: random.pick([10, 50, 100, 200]) } }
    },
  }
}

const SOURCES = ['first', 'second']

function filterList({ urlOf }) {
  return {
    name: 'compile-filters',
    weight: 4,
    maxRecoveries: MAX_RECOVERIES,
    pausable: true,
    request(key, random) {
      const sources = SOURCES.map((name) => ({ name, source: urlOf(`${name}-${key}`, random.between(0, 6000)) }))
      return { path: '/jobs/compile-filters', body: { configuration: { name: key, sources, transformations: ['RemoveComments'] } } }
    },
    idOf: ({ job }) => job.id,
    check: () => [],
    checkResult({ rules }, { configuration }) {
      const found = rules.filter((line) => line.startsWith('||'))
      const expected = SOURCES.flatMap((name) => rulesOf(`${name}-${configuration.name}`))
      return found.join() === expected.join() ? [] : [`its ${found.length} rules are not those of its sources`]
    },
  }
}

const HEADER = 'Title,Author,ISBN13'

function libraryImport() {
  return {
    name: 'books-import',
    weight: 3,
    maxRecoveries: MAX_RECOVERIES,
    pausable: true,
    request(key, random) {
      const first = random.between(0, ALL_BOOKS)
      const rows = Array.from({ length: random.between(5, 120) }, (_, row) => `Book ${key} ${row},Somebody,${isbnOf(first + row)}`)
      const text = `${HEADER}\n${rows.join('\n')}\n`
      return { path: random.pick(['/jobs/books-import', UPLOADS]), body: { text, fileName: `${key}.csv` } }
    },
    /** The file goes up as browsers send it; the worker reads it from the store. */
    async encode(path, { text, fileName }) {
      if (path !== UPLOADS) return undefined
      const form = new FormData()
      form.set('file', new File([text], fileName))
      const encoded = new Response(form)
      return { type: encoded.headers.get('content-type'), bytes: Buffer.from(await encoded.arrayBuffer()) }
    },
    idOf: (answer) => answer.data?.jobId ?? answer.job.id,
    check({ events, input, status }) {
      const told = itemsOf(events)
      const wrong = told.findIndex(({ detail }, index) => detail.row !== index + 2)
      if (wrong !== -1) return [`row ${told[wrong].detail.row} stands where row ${wrong + 2} should be`]
      return checkItems(told, rowsOf(input), status)
    },
    checkResult: ({ counts, results }, input) =>
      counts.rows === rowsOf(input) && counts.imported === results.length
        ? []
        : [`its result has ${JSON.stringify(counts)}, of ${rowsOf(input)} rows`],
  }
}

const rowsOf = ({ text }) => text.trimEnd().split('\n').length - 1

const UPLOADS = '/v3/jobs/imports'

function enrichment() {
  return {
    name: 'books-enrichment',
    weight: 3,
    maxRecoveries: MAX_RECOVERIES,
    pausable: true,
    request(key, random) {
      const books = Array.from({ length: random.between(3, 40) }, () => ({ isbn: isbnOf(random.between(0, ALL_BOOKS)) }))
      return { path: '/jobs/books-enrichment', body: { books: [{ title: key }, ...books] } }
    },
    idOf: ({ job }) => job.id,
    check({ events, input, status }) {
      const told = itemsOf(events)
      const indexes = told.map(({ detail }) => detail.index)
      if (new Set(indexes).size !== indexes.length) return [`some of its books were told twice: ${indexes.join()}`]
      return checkItems(told, input.books.length, status)
    },
    checkResult({ results }, { books }) {
      const wrong = results.findIndex(
        (result, index) => (result?.query.isbn ?? result?.query.title) !== (books[index]?.isbn ?? books[index]?.title),
      )
      return results.length === books.length && wrong === -1
        ? []
        : [`its result has ${results.length} of ${books.length} books, and number ${wrong} is wrong`]
    },
  }
}

const itemsOf = (events) => events.filter(({ type }) => type === 'book').map(({ data }) => data)

/** An item and its checkpoint are one: each is told once, however often the work was broken off. */
function checkItems(told, total, status) {
  const wrong = told.findIndex(({ done }, index) => done !== index + 1)
  if (wrong !== -1) return [`item ${wrong + 1} says that ${told[wrong].done} are done`]
  return status === 'completed' && told.length !== total ? [`it completed with ${told.length} of ${total} items`] : []
}
