import { expect, test } from 'vitest'
import { cancelTook, checkWriters } from './check-writers.mjs'

// That the check finds what it is for: a run on a healthy cluster never shows that.

const log = ['created', 'claimed', 'line', 'recovered', 'claimed', 'line', 'completed'].map((type, index) => ({
  seq: index + 1,
  type,
  data: type === 'claimed' ? { epoch: index < 3 ? 1 : 2 } : {},
}))
const writtenBy = (...writers: string[]) =>
  writers.map((writer, index) => ({ first: index + 1, last: index + 1, writer, at: 1000 * index }))

test('what anybody writes after another claimed the job is found, and what nobody is known to have written', () => {
  expect(checkWriters(log, writtenBy('api', 'one', 'one', 'three', 'two', 'two', 'two'))).toEqual([])
  expect(checkWriters(log, writtenBy('api', 'one', 'one', 'three', 'two', 'one', 'two'))).toEqual([
    'events 6 to 6 (line, ...) were written by one, though two had claimed it with epoch 2',
  ])
  // The same node, started anew, is another.
  expect(checkWriters(log, writtenBy('api', 'one.1', 'one.2', 'api', 'two', 'two', 'two'))).toHaveLength(1)
  expect(checkWriters(log, writtenBy('api', 'one', 'one', 'three', 'two', 'two'))).toEqual([
    'it has 7 events, of which 6 were written by somebody',
  ])
})

test('how long a cancel took counts from its acknowledgement to the last event', () => {
  expect(cancelTook({ cancelHeardAt: 4500 }, writtenBy('a', 'b', 'b', 'b', 'b', 'b', 'b'))).toBe(1500)
  expect(cancelTook({ cancelHeardAt: 9000 }, writtenBy('a', 'b', 'b', 'b', 'b', 'b', 'b'))).toBe(0)
  expect(cancelTook({}, writtenBy('a', 'b', 'b', 'b', 'b', 'b', 'b'))).toBe(0)
})
