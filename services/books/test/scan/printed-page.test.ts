import { expect, test } from 'vitest'
import type { Book } from '@headway/books'
import { findSpines } from '../../dist/scan/match/find-spines.js'
import { LineMatcher } from '../../dist/scan/match/match-lines.js'
import type { Line } from '../../dist/scan/spines/line.js'

const LINES = 400
const book = { title: 'A History of Water', authors: ['Nobody Known'], isbn: '' } as unknown as Book

/** A page in two columns, as it is read: every line on the same paper, each near the next. */
const page: readonly Line[] = Array.from({ length: LINES }, (_, index) => ({
  box: {
    centre: { x: index % 2 === 0 ? 400 : 1300, y: 20 + 30 * Math.floor(index / 2) },
    axis: { x: 1, y: 0 },
    length: 800,
    thickness: 20,
    score: 1,
  },
  background: [255, 255, 255],
  direction: { x: 1, y: 0 },
  text: `a history of line ${index}`,
  confidence: 1,
}))

/** A catalog that has a book for everything that it is asked. */
function catalog(): { readonly asked: string[]; readonly matchText: (text: string) => { book: Book; confidence: number }[] } {
  const asked: string[] = []
  return {
    asked,
    matchText(text) {
      asked.push(text)
      return [{ book: { ...book, title: `A History of Line ${asked.length}` }, confidence: 0.5 }]
    },
  }
}

test('a photo of a printed page costs no more than a large shelf', () => {
  const asked = catalog()
  const groups = page.map((line) => [line])
  const spines = findSpines(groups, new LineMatcher(asked, () => undefined))
  expect(asked.asked.length).toBeLessThanOrEqual(500)
  expect(spines.flatMap(({ lines }) => lines).length).toBeGreaterThan(0)
})

test('a photo that nobody wants any more is given up between two groups of its lines', () => {
  const asked = catalog()
  const stopped = new Error('stopped')
  let left = 20
  const goOn = (): void => {
    left -= 1
    if (left < 0) throw stopped
  }
  expect(() =>
    findSpines(
      page.map((line) => [line]),
      new LineMatcher(asked, goOn),
    ),
  ).toThrow(stopped)
  expect(asked.asked.length).toBeLessThanOrEqual(20)
})
