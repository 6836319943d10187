import { wordsOf } from '../fold.js'
import { titleKey } from '../title.js'
import type { ComparedTitle } from '../title.js'
import { isCommon } from './fts-query.js'
import { coverage, likeness } from './similarity.js'

/** The known one has a subtitle that is left out. */
const WITHOUT_SUBTITLE = 0.97
/** The subtitle that was asked for is the title, as in "The Lord of the Rings: The Two Towers". */
const AFTER_SERIES = 0.96
/** The known one lacks the subtitle that was asked for. */
const OTHER_SUBTITLE = 0.93
/** The same where the title is one word, as "Dune" of "Dune: House Atreides". */
const WITHOUT_SUBTITLE_ONE_WORD = 0.85
/** Volumes of a series have almost the same titles. */
const OTHER_NUMBER = 0.6
/** From here on titles are taken for the same with a few letters wrong. */
const NEARLY_SAME = 0.8

/** How well two titles fit, 0 to 1. A subtitle may be missing on either side. */
export function titleScore(wanted: ComparedTitle, known: ComparedTitle): number {
  const whole = alike(joined(wanted), joined(known))
  if ((wanted.subtitle === '') === (known.subtitle === '')) return whole
  const main = alike(wanted.main, known.main)
  const oneWord = !wanted.main.includes(' ')
  if (wanted.subtitle === '') return Math.max(whole, (oneWord ? WITHOUT_SUBTITLE_ONE_WORD : WITHOUT_SUBTITLE) * main)
  const part = AFTER_SERIES * alike(titleKey(wanted.subtitle), known.main)
  return Math.max(whole, part, (oneWord ? WITHOUT_SUBTITLE_ONE_WORD : OTHER_SUBTITLE) * main)
}

function joined({ main, subtitle }: ComparedTitle): string {
  return subtitle === '' ? main : `${main} ${subtitle}`
}

function alike(a: string, b: string): number {
  if (a === b) return 1
  const [wordsA, wordsB] = [wordsOf(a), wordsOf(b)]
  // Both ways: a word too many counts as much as one too few.
  const [there, back] = [coverage(wordsA, wordsB, isCommon), coverage(wordsB, wordsA, isCommon)]
  const byWords = there + back === 0 ? 0 : (2 * there * back) / (there + back)
  const byLetters = likeness(a.replaceAll(' ', ''), b.replaceAll(' ', ''))
  const score = byLetters >= NEARLY_SAME ? Math.max(byWords, byLetters) : byWords
  return numbersOf(wordsA) === numbersOf(wordsB) ? score : Math.min(OTHER_NUMBER, score)
}

function numbersOf(words: readonly string[]): string {
  return words.filter((word) => /^\d+$/.test(word)).join(' ')
}
