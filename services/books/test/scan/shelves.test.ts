import { describe, expect, it } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { scanAll, shelf, startScanner } from './support/scan.js'
import type { Truth } from './support/scan.js'

/** Loading what reads letters takes as long as reading a photo. */
const scanner = onceForTests(async (atEnd) => startScanner({}, atEnd))

const titles = ({ spines }: Truth): string[] =>
  spines
    .filter(({ known }) => known)
    .map(({ title }) => title)
    .toSorted()

describe('a photo of a shelf', () => {
  it('gives every book with its title, author and ISBN, and a stranger as text', async () => {
    const { jpeg, truth } = shelf('few')
    const { results } = await scanAll(scanner(), [jpeg])
    expect(results.flatMap(({ title }) => title ?? []).toSorted()).toEqual(titles(truth))
    for (const result of results.filter(({ title }) => title !== null)) {
      expect(result.isbn).toMatch(/^97[89]\d{10}$/)
      expect(result.authors.length).toBeGreaterThan(0)
      expect(result.confidence).toBeGreaterThan(0.66)
    }
    const [stranger] = results.filter(({ title }) => title === null)
    const unknown = truth.spines.find(({ known }) => !known)
    expect(stranger).toMatchObject({ authors: [], isbn: null, confidence: 0 })
    expect(stranger?.text.toLowerCase().replaceAll(' ', '')).toContain(unknown?.title.toLowerCase().replaceAll(' ', ''))
  })

  it('is measured as seen upright, whatever way its pixels lie', async () => {
    const { jpeg, truth } = shelf('few-turned')
    const { results, events } = await scanAll(scanner(), [jpeg])
    expect(events).toContainEqual(expect.objectContaining({ type: 'photo_detected', width: truth.width, height: truth.height }))
    expect(results.flatMap(({ title }) => title ?? []).toSorted()).toEqual(titles(truth))
    for (const { title, boundingBox } of results) {
      const spine = truth.spines.find((other) => other.title === title)
      if (spine === undefined) continue
      const middle = { x: boundingBox.x + boundingBox.width / 2, y: boundingBox.y + boundingBox.height / 2 }
      expect(middle.x).toBeGreaterThan(spine.box.x)
      expect(middle.x).toBeLessThan(spine.box.x + spine.box.width)
      expect(middle.y).toBeGreaterThan(spine.box.y)
      expect(middle.y).toBeLessThan(spine.box.y + spine.box.height)
    }
  })

  it('tells what happens, photo by photo and spine by spine, and marks books that were on an earlier photo', async () => {
    const { jpeg, truth } = shelf('few')
    const { events, results } = await scanAll(scanner(), [jpeg, jpeg])
    const steps = events.flatMap((event) => (event.type === 'lines_read' ? [] : [event.type]))
    const spines = truth.spines.map(() => 'spine')
    const photo = ['photo_started', 'photo_detected', ...spines, 'photo_done']
    expect(steps).toEqual([...photo, ...photo, 'results'])
    const [read] = events.filter((event) => event.type === 'lines_read').slice(-1)
    expect(read).toMatchObject({ photo: 1 })
    const count = truth.spines.length
    expect(results).toHaveLength(2 * count)
    for (const [index, result] of results.slice(count).entries()) {
      const first = results[index]
      expect(result).toEqual({ ...first, photo: 1, ...(first?.title !== null && { duplicateOf: index }) })
    }
  })
})
