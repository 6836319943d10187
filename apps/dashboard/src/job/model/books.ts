import { Series } from './series.js'
import type { Stamped } from './series.js'
import { listOf, numberOf, objectOf, textOf } from './wire.js'
import type { JobEvent, Json, JsonObject } from './wire.js'

/** So many books of a job are kept. */
const MAX_BOOKS = 20_000

/** So many photos of a scan are shown. Services take 5 where nobody says otherwise. */
const MAX_PHOTOS = 100

/** A rectangle in pixels of an upright photo. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** One book, row or spine that a job told of. */
export interface BookItem extends Stamped {
  /** Never empty: of the book, or what stands for it. */
  readonly title: string
  readonly authors: readonly string[]
  readonly isbn: string
  readonly publisher: string
  readonly published: string
  /** As the server named it. */
  readonly coverUrl: string | undefined
  /** What became of it: `imported`, `duplicate`, `failed`, `found`, `not found`. */
  readonly outcome: string
  /** 0 to 1, where that is said. */
  readonly confidence: number | undefined
  /** Of a scan: which photo, from 0, and where on it. */
  readonly photo: number | undefined
  readonly box: Box | undefined
  /** Of a scan: what stands on the spine. */
  readonly text: string | undefined
  /** What was wrong with a row, in words. */
  readonly problems: readonly string[]
}

/** A photo of a scan, as far as it is told of. */
export interface ScanPhoto extends Stamped {
  readonly photo: number
  readonly step: string
  readonly message: string | undefined
}

/** The books of a job, as its events tell them. */
export class Books {
  readonly items = new Series<BookItem>(MAX_BOOKS)
  readonly photos = new Series<ScanPhoto>(MAX_BOOKS)

  take({ type, seq, data }: JobEvent, at: number): void {
    const said = objectOf(data)
    const detail = objectOf(said['detail'])
    if (type === 'step') {
      const photo = photoOf(detail)
      const message = textOf(objectOf(detail['error'])['message'])
      if (photo !== undefined) this.photos.push({ seq, at, photo, step: textOf(detail['step']) ?? '', message })
      return
    }
    if (type === 'book') this.items.push({ seq, at, ...bookOf(said, detail) })
  }
}

function bookOf(said: JsonObject, detail: JsonObject): Omit<BookItem, keyof Stamped> {
  const book = objectOf(said['book'])
  const isbn = textOf(book['isbn13']) ?? textOf(book['isbn']) ?? textOf(said['isbn']) ?? ''
  return {
    title: textOf(book['title']) ?? textOf(said['title']) ?? 'A book without a title',
    authors: listOf(book['authors'])
      .map((author) => textOf(author) ?? textOf(objectOf(author)['name']) ?? '')
      .filter((name) => name !== ''),
    isbn,
    publisher: textOf(book['publisher']) ?? '',
    published: textOf(book['publishedDate']) ?? textOf(book['published']) ?? String(numberOf(book['publicationYear']) ?? ''),
    coverUrl: coverOf(book),
    outcome: outcomeOf(detail),
    confidence: numberOf(detail['confidence']) ?? numberOf(book['confidence']),
    photo: photoOf(detail),
    box: boxOf(objectOf(book['boundingBox'])),
    text: textOf(detail['text']),
    problems: listOf(detail['errors']).map(problemOf),
  }
}

/** Only of the web: a page's own addresses and scripts are no covers. */
function coverOf(book: JsonObject): string | undefined {
  const urls = objectOf(book['coverUrls'])
  const url = textOf(urls['medium']) ?? textOf(urls['small']) ?? textOf(book['coverUrl']) ?? textOf(urls['large'])
  return url?.startsWith('https://') === true ? url : undefined
}

/** Which photo it is about, from 0. */
function photoOf(detail: JsonObject): number | undefined {
  const photo = numberOf(detail['photo'])
  return photo !== undefined && Number.isInteger(photo) && photo >= 0 && photo < MAX_PHOTOS ? photo : undefined
}

function boxOf(box: JsonObject): Box | undefined {
  const [x, y, width, height] = [numberOf(box['x']), numberOf(box['y']), numberOf(box['width']), numberOf(box['height'])]
  return x === undefined || y === undefined || width === undefined || height === undefined ? undefined : { x, y, width, height }
}

function outcomeOf(detail: JsonObject): string {
  const outcome = textOf(detail['outcome'])
  if (outcome !== undefined) return outcome
  return detail['found'] === false ? 'not found' : 'found'
}

function problemOf(error: Json): string {
  const { message, code } = objectOf(error)
  return textOf(message) ?? textOf(code) ?? JSON.stringify(error)
}
