import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { textOfLog } from '../../src/job/log/export-log.js'
import { ALL_LEVELS, levelBit } from '../../src/job/log/levels.js'
import { linesOfLevels } from '../../src/job/log/line-filter.js'
import { LogSearch } from '../../src/job/log/log-search.js'
import { LogStore } from '../../src/job/log/log-store.js'
import { ScaledScroll } from '../../src/job/parts/scaled-scroll.js'
import { readerAt, returnTo } from '../../src/job/parts/use-same-place.js'

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
    const errors = linesOfLevels(store, levelBit('error'))
    errors.update()
    expect([errors.count(store.end), errors.count(1500), errors.rowAt(999), errors.placeOf(5000)]).toEqual([1000, 2, 999_000, 5])
    expect(searched(store, '[123456]')).toEqual([123_456])
    expect(searched(store, 'MODULE-976/')).toHaveLength(1023)
    expect(searched(store, 'MODULE-976/', { matchCase: true })).toEqual([])
    expect(searched(store, 'compiled', { levels: levelBit('error') })).toHaveLength(1000)
  })

  test('drops its oldest lines when it is full, and says how many', () => {
    const store = new LogStore({ rows: 5000, characters: 1_000_000 })
    const filter = linesOfLevels(store, levelBit('warn'))
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

  test('is exported without a hole while its oldest lines fall out', async () => {
    for (const levels of [ALL_LEVELS, levelBit('info')]) {
      const store = new LogStore({ rows: 20_000, characters: 10_000_000 })
      const push = (): unknown => store.push({ text: `line ${store.end}`, level: 'info', seq: store.end + 1, at: 0 })
      while (store.end < 20_000) push()
      const filter = linesOfLevels(store, levels)
      filter.update()
      const exported = textOfLog(store, filter, { end: 20_000 })
      while (store.end < 23_000) push()
      const { parts, lines, isAll } = await exported
      const numbers = parts
        .join('')
        .trimEnd()
        .split('\n')
        .map((text) => Number(/line (\d+)$/.exec(text)?.[1]))
      expect([lines, isAll, numbers.length, numbers.at(-1)]).toEqual([numbers.length, true, numbers.length, 19_999])
      // What falls out before its turn comes is gone; behind it nothing is left out.
      const kept = numbers.filter((number) => number >= store.first)
      expect(kept).toEqual(Array.from({ length: 20_000 - store.first }, (_, n) => store.first + n))
    }
  })

  test('leaves the reader at his line when other levels are chosen, also where lines have fallen out', () => {
    const store = new LogStore({ rows: 60_000, characters: 10_000_000 })
    while (store.end < 100_000) store.push({ text: '', level: store.end % 1000 === 0 ? 'warn' : 'info', seq: store.end + 1, at: 0 })
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe(): void {}
        disconnect(): void {}
      },
    )
    onTestFinished(() => void vi.unstubAllGlobals())
    const scroll = new ScaledScroll(20, true)
    onTestFinished(scroll.attach(Object.assign(new EventTarget(), { clientHeight: 400, scrollTop: 0 }) as unknown as HTMLElement))
    let filter = linesOfLevels(store, ALL_LEVELS)
    const show = (): void => {
      filter.update()
      scroll.setCount(filter.count(store.end), filter.dropped, filter)
    }
    show()
    scroll.showAtTop(filter.placeOf(69_990))
    let reader: ReturnType<typeof readerAt>
    const tops: unknown[] = []
    for (const levels of [levelBit('warn'), ALL_LEVELS, levelBit('error'), ALL_LEVELS]) {
      reader = readerAt(scroll, filter, reader)
      filter = linesOfLevels(store, levels)
      show()
      if (reader !== undefined) reader = returnTo(reader.row, scroll, filter)
      tops.push(filter.rowAt(scroll.top.row))
    }
    expect(tops).toEqual([70_000, 69_990, undefined, 69_990])
  })
})
