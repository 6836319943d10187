import { likeness } from '../../catalog/ask/similarity.js'
import type { Book } from '../../book.js'
import { compareTitle } from '../../catalog/title.js'
import { compared, digitsOf } from './compared.js'

/** A word of a spine as it is compared. */
export interface Piece {
  readonly compared: string
  /** Part of a publisher's name: whether it is there or not says nothing. */
  readonly isMark: boolean
}

/** Below this a title is another title. */
const LEAST_TITLE = 0.72
/** Below this a name is another name. */
const LEAST_AUTHOR = 0.7
/** So sure a match is not looked at in other ways. */
const SURE = 0.9
/** Words of the longest title. */
const MAX_WORDS = 16
/** Below this a title with its author are others. */
const LEAST_TOGETHER = 0.8
/** What a title counts for by itself, and what the author's name adds. */
const TITLE_ALONE = 0.8
const WITH_AUTHOR = 0.2
/** What all that is on the spine without being of this book takes away. */
const UNEXPLAINED = 0.6
const UNEXPLAINED_WITH_AUTHOR = 0.3
/** A title that stands alone and is short might be anything: letters up to which it loses confidence, and how much for each. */
const SHORT = 10
const SHORT_COSTS = 0.04
/** What the share of a title that is misread costs where no author speaks for it. */
const MISREAD_ALONE = 1
/** A title without its subtitle, or without its article, is a little less than the whole. */
const MAIN_ONLY = 0.96
/** What is not the work itself where only its main title is there: one volume of it, a comic of it. */
const OTHER_WORK = /\b(?:vol|volume|part|book|graphic|box(?:ed)? set|companion|guide|abridged|omnibus|collection)\b|#\d| \/ /iu
const OTHER_WORK_COUNTS = 0.75
/** Numbers of volumes that differ. */
const OTHER_DIGITS = 0.5

/**
 * How sure it is that a spine with these words, in this order, is that book: 0 to 1. Its title must be there as words in a row; what else is there
 * must be the author or a publisher's mark, else it speaks against the book.
 */
export function verify(pieces: readonly Piece[], book: Book): number {
  const letters = lettersOf(pieces)
  const titles = titleForms(book)
  const authors = authorForms(book.authors)
  let best = runTogether(pieces, titles, authors)
  const consider = (run: readonly Piece[], text: string, authorOf: () => Author): void => {
    const title = bestForm(text, titles)
    if (title < LEAST_TITLE) return
    const author = authorOf()
    // A title that is a publisher's name too is a title here.
    const unexplained = letters === 0 ? 0 : Math.max(0, letters - lettersOf(run) - author.letters) / letters
    const short = author.like === 0 ? SHORT_COSTS * Math.max(0, SHORT - text.length) : 0
    // Alone it must be read well: one letter off is another title.
    const alone = author.like === 0 ? (1 - title) * MISREAD_ALONE : 0
    const sure = title * (TITLE_ALONE + WITH_AUTHOR * author.like) - short - alone
    best = Math.max(best, sure - unexplained * (author.like > 0 ? UNEXPLAINED_WITH_AUTHOR : UNEXPLAINED))
  }
  for (const { start, end, text } of runs(pieces)) {
    consider(pieces.slice(start, end), text, () => bestAuthor([...pieces.slice(0, start), ...pieces.slice(end)], authors))
  }
  if (best >= SURE) return best
  // The name may stand between two lines of the title.
  const author = bestAuthor(pieces, authors)
  if (author.like > 0 && author.rest.length > 1) {
    for (const { start, end, text } of runs(author.rest)) consider(author.rest.slice(start, end), text, () => author)
  }
  return Math.max(0, best)
}

/** Letters of all words but the publisher's. */
function lettersOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + (piece.isMark ? 0 : piece.compared.length), 0)
}

/** Where the letters are small, readers lose every space between the title and the author. */
function runTogether(pieces: readonly Piece[], titles: readonly Form[], authors: readonly string[]): number {
  const text = pieces.map((piece) => (piece.isMark ? '' : piece.compared)).join('')
  const digits = digitsOf(text)
  let best = 0
  for (const title of titles) {
    for (const author of authors) {
      for (const together of [`${title.text}${author}`, `${author}${title.text}`]) {
        if (areFar(text, together)) continue
        const like = likeness(text, together)
        // All that differs may be in the title: an author's name alone is not the shortest of their titles.
        const misread = ((1 - like) * Math.max(text.length, together.length)) / title.text.length
        if (like >= LEAST_TOGETHER && misread <= 1 - LEAST_TITLE && title.digits === digits) best = Math.max(best, like * title.counts)
      }
    }
  }
  return best
}

interface Form {
  readonly text: string
  readonly counts: number
  readonly digits: string
}

function titleForms(book: Book): Form[] {
  const { main, subtitle } = compareTitle(book.title, book.subtitle)
  const bare = book.title.replace(/\s*\([^()]*\)\s*$/u, '')
  const mainOnly = OTHER_WORK.test(bare.slice(main.length)) ? OTHER_WORK_COUNTS : MAIN_ONLY
  const forms: (readonly [string, number])[] = [
    [book.title, 1],
    [bare, 1],
    [main, subtitle === '' ? 0.97 : mainOnly],
    [bare.split(/\s*:\s+/u)[0] ?? '', mainOnly],
    [`${main} ${subtitle}`, 0.98],
  ]
  return forms.filter(([text]) => text.trim() !== '').map(([text, counts]) => ({ text: compared(text), counts, digits: digitsOf(text) }))
}

function bestForm(text: string, forms: readonly Form[]): number {
  const digits = digitsOf(text)
  let best = 0
  for (const form of forms) {
    if (areFar(text, form.text)) continue
    best = Math.max(best, likeness(text, form.text) * form.counts * (form.digits === digits ? 1 : OTHER_DIGITS))
  }
  return best
}

/** Names as they stand on spines: whole, the surname, initials and surname; of several authors all of them in a row too. */
function authorForms(authors: readonly string[]): string[] {
  const names = authors.map((author) => author.trim().split(/\s+/u))
  const surname = (name: readonly string[]): string => name.filter((word) => !/^(jr|sr|ii|iii)\.?$/iu.test(word)).at(-1) ?? ''
  const forms = names.flatMap((name) => [
    name.join(' '),
    surname(name),
    `${name
      .slice(0, -1)
      .map((word) => word[0])
      .join(' ')} ${surname(name)}`,
    `${name[0] ?? ''} ${surname(name)}`,
  ])
  if (names.length > 1) forms.push(authors.join(' '), names.map(surname).join(' '), authors.join(' and '), names.map(surname).join(' and '))
  return [...new Set(forms.map(compared))].filter((form) => form !== '')
}

interface Author {
  /** 0 where none is there. */
  readonly like: number
  /** Letters of the words that are the author's. */
  readonly letters: number
  /** The other words. */
  readonly rest: readonly Piece[]
}

/** The author among words. */
function bestAuthor(pieces: readonly Piece[], authors: readonly string[]): Author {
  const telling = pieces.filter(({ isMark }) => !isMark)
  let best: Author = { like: 0, letters: 0, rest: telling }
  for (const { start, end, text } of runs(telling)) {
    for (const author of authors) {
      if (areFar(text, author)) continue
      const like = likeness(text, author)
      if (like < LEAST_AUTHOR || like * like * text.length <= best.like * best.like * best.letters) continue
      best = { like, letters: text.length, rest: [...telling.slice(0, start), ...telling.slice(end)] }
    }
  }
  return best
}

/** Lengths alone tell that they are too different: most pairs end here. */
function areFar(a: string, b: string): boolean {
  return Math.abs(a.length - b.length) > (1 - Math.min(LEAST_TITLE, LEAST_AUTHOR)) * Math.max(a.length, b.length)
}

/** All words that follow each other, joined; longer titles are none. */
function runs(pieces: readonly Piece[]): { start: number; end: number; text: string }[] {
  return pieces.flatMap((_, start) =>
    Array.from({ length: Math.min(MAX_WORDS, pieces.length - start) }, (__, more) => {
      const end = start + more + 1
      return {
        start,
        end,
        text: pieces
          .slice(start, end)
          .map((piece) => piece.compared)
          .join(''),
      }
    }),
  )
}
