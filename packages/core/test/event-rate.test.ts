import { expect, test } from 'vitest'
import { EventRate } from '../src/events/event-rate.js'

test('events of the last five whole seconds count, those of the second under way not yet', () => {
  let now = 1_000_000
  const rate = new EventRate({ now: () => now })
  expect(rate.perSecond).toBe(0)
  rate.add(10)
  expect(rate.perSecond).toBe(0)
  now += 1000
  rate.add(20)
  expect(rate.perSecond).toBe(2)
  now += 1000
  expect(rate.perSecond).toBe(6)
  now += 4000
  expect(rate.perSecond).toBe(4)
  now += 60_000
  expect(rate.perSecond).toBe(0)
  rate.add(5)
  now += 1000
  expect(rate.perSecond).toBe(1)
})
