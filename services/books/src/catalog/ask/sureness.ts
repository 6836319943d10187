import { wordsOf } from '../fold.js'
import type { ComparedTitle } from '../title.js'
import { authorScore } from './author-score.js'
import { tellingWords } from './fts-query.js'

/** What is left of a title's score where the author is another. */
const WRONG_AUTHOR = 0.4
/** Nobody said who wrote it: how sure a title alone makes, by its telling words. */
const TITLE_ALONE = [0.6, 0.7, 0.8, 0.85, 0.88] as const
/** The same where one book of all that are known has this very title. */
const TITLE_OF_ONE = [0.82, 0.84, 0.86, 0.88, 0.89] as const

/**
 * How sure a title that fits makes, 0 to 1, by who is said to have written it and who has. The confidence of a match is this times how well the
 * titles fit.
 *
 * @param author as somebody gives it; undefined or empty: nobody said
 */
export function sureness(wanted: ComparedTitle, author: string | undefined, authors: readonly string[]): number {
  if (author === undefined || author.trim() === '') return byTellingWords(TITLE_ALONE, wanted)
  return WRONG_AUTHOR + (1 - WRONG_AUTHOR) * authorScore(author, authors)
}

/** How sure a title makes that is, to the letter, that of one book in a whole catalog, where nobody said who wrote it. */
export function surenessOfOnly(wanted: ComparedTitle): number {
  return byTellingWords(TITLE_OF_ONE, wanted)
}

function byTellingWords(values: readonly [number, ...number[]], { main, subtitle }: ComparedTitle): number {
  const words = tellingWords(wordsOf(`${main} ${subtitle}`.trim())).length
  return values[Math.min(words, values.length) - 1] ?? values[0]
}
