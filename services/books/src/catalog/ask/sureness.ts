import { wordsOf } from '../fold.js'
import type { ComparedTitle } from '../title.js'
import { authorScore } from './author-score.js'
import { tellingWords } from './fts-query.js'

/** What is left of a title's score where the author is another. */
const WRONG_AUTHOR = 0.4
/** Nobody said who wrote it: how sure a title alone makes, by its telling words. */
const TITLE_ALONE = [0.6, 0.7, 0.8, 0.85, 0.88] as const

/**
 * How sure a title that fits makes, 0 to 1, by who is said to have written it and who has. The confidence of a match is this times how well the
 * titles fit.
 *
 * @param author as somebody gives it; undefined or empty: nobody said
 */
export function sureness(wanted: ComparedTitle, author: string | undefined, authors: readonly string[]): number {
  if (author === undefined || author.trim() === '') return titleAlone(wanted)
  return WRONG_AUTHOR + (1 - WRONG_AUTHOR) * authorScore(author, authors)
}

function titleAlone({ main, subtitle }: ComparedTitle): number {
  const words = tellingWords(wordsOf(`${main} ${subtitle}`.trim())).length
  return TITLE_ALONE[Math.min(words, TITLE_ALONE.length) - 1] ?? TITLE_ALONE[0]
}
