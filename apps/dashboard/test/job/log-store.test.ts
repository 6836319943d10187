import { describe, expect, test } from 'vitest'
import { ALL_LEVELS, levelBit } from '../../src/job/log/levels.js'
import { LineFilter } from '../../src/job/log/line-filter.js'
import { LogSearch } from '../../src/job/log/log-search.js'
import { LogStore } from '../../src/job/log/log-store.js'

/** A million lines, as a verbose build writes them. */
function aMillion(store: LogStore): void {
  for (let n = 0; n < 1_000_000; n += 1) {
    const level = n % 1000 === 0 ? 'error' : 'info'
    store.push({ text: `[${n}] compiled src/module-${n % 977}/index.ts in ${n % 61} ms`, level, seq: n + 1, at: n })
  }
}

function searched(store: LogStore, text: string, { matchCase = false, levels = ALL_LEVELS } = {}): number[] {
  const search = new LogSearch(store, { text, matchCase, levels }, () => {})
  while (!search.done) search.slice(5)
  search.close()
  return Array.from({ length: search.count() }, (_, index) => search.lineAt(index) ?? -1)
}

describe('the store of a log', () => {
  test('holds a million lines, finds one by its seq, filters and searches them', () => {
    const store = new LogStore()
    aMillion(store)
    expect([store.first, store.end]).toEqual([0, 1_000_000])
    for (const line of [0, 511, 512, 777_777, 999_999]) expect(store.text(line)).toMatch(new RegExp(String.raw`^\[${line}\] `))
    expect(store.endAt(123_456)).toBe(123_456)
    const errors = new LineFilter(store, levelBit('error'))
    errors.update()
    expect([errors.count(store.end), errors.count(1500), errors.lineAt(999), errors.placeOf(5000)]).toEqual([1000, 2, 999_000, 5])
    expect(searched(store, '[123456]')).toEqual([123_456])
    expect(searched(store, 'MODULE-976/')).toHaveLength(1023)
    expect(searched(store, 'MODULE-976/', { matchCase: true })).toEqual([])
    expect(searched(store, 'compiled', { levels: levelBit('error') })).toHaveLength(1000)
  })

  test('drops its oldest lines when it is full, and says how many', () => {
    const store = new LogStore({ rows: 5000, characters: 1_000_000 })
    const filter = new LineFilter(store, levelBit('warn'))
    for (let n = 0; n < 20_000; n += 1) {
      store.push({ text: `line ${n}`, level: n % 2 === 0 ? 'warn' : 'info', seq: n + 1, at: n })
      if (n % 300 === 0) filter.update()
    }
    filter.update()
    expect(store.end - store.first).toBeLessThanOrEqual(5000)
    expect(store.first).toBeGreaterThan(14_000)
    expect([store.text(store.first - 1), store.text(store.first)]).toEqual(['', `line ${store.first}`])
    expect(filter.count(store.end)).toBe((store.end - store.first) / 2)
    expect(searched(store, 'line 1')).toHaveLength(store.end - store.first)
    const small = new LogStore({ rows: 1_000_000, characters: 100_000 })
    for (let n = 0; n < 5000; n += 1) small.push({ text: 'x'.repeat(100), level: 'info', seq: n + 1, at: n })
    expect(small.characters).toBeLessThanOrEqual(100_000)
  })

  test('searches through escape sequences, line by line, and in lines that come later', () => {
    const store = new LogStore()
    const push = (text: string) => store.push({ text, level: 'info', seq: store.end + 1, at: 0 })
    push('\u001b[32mpa\u001b[1mss\u001b[0med')
    push('pass')
    push('ed')
    push('')
    push('İstanbul passed')
    expect(searched(store, 'passed')).toEqual([0, 4])
    expect(store.plainText(0)).toBe('passed')
    const search = new LogSearch(store, { text: 'ed', matchCase: false, levels: ALL_LEVELS }, () => {})
    search.slice(100)
    push('mended, and ended')
    search.slice(100)
    expect([search.count(), search.lineAt(search.indexFrom(3)), search.count(3)]).toEqual([4, 4, 2])
    search.close()
  })
})
