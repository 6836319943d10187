import type { Json } from '@headway/protocol'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Follow, FollowedEvent } from '@headway/client'
import { piecesOf } from '../../src/job/log/pieces.js'
import { JobFeed } from '../../src/job/model/job-feed.js'
import type { BookItem } from '../../src/job/model/books.js'
import { JobRecord } from '../../src/job/model/job-record.js'
import { timeLeft } from '../../src/job/model/progress.js'
import { ReplayClock } from '../../src/job/replay/replay-clock.js'
import { booksAsCsv } from '../../src/job/result/export-books.js'
import { ListReader } from '../../src/job/result/list-reader.js'

const START = Date.parse('2026-11-22T10:00:00.000Z')

describe('the clock of a replay', () => {
  test('moves as fast as is wanted, and waits at most a second where nothing happened', () => {
    const record = new JobRecord()
    for (const [index, ms] of [0, 100, 250, 3_600_000, 3_600_100].entries())
      record.take({ seq: index + 1, at: new Date(START + ms).toISOString(), type: 'any', data: null })
    const clock = new ReplayClock(record, 1)
    expect([clock.advance(50, 1), clock.advance(60, 1), clock.advance(14, 10)]).toEqual([1, 2, 3])
    // An hour lies before the next event.
    expect([clock.advance(10, 10), clock.advance(900, 10), clock.advance(101, 10)]).toEqual([3, 3, 4])
    expect(clock.advance(1000, 1)).toBe(5)
  })
})

describe('the time that is left', () => {
  const points = (...all: (readonly [ms: number, fraction: number])[]) =>
    all.map(([ms, fraction], index) => ({ seq: index + 1, at: START + ms, done: 0, total: null, fraction }))

  test('is told by the pace of the last minute', () => {
    expect(timeLeft(points([0, 0], [10_000, 0.5]), START + 10_000)).toBe(10_000)
    expect(timeLeft(points([0, 0], [600_000, 0.5], [630_000, 0.75]), START + 630_000)).toBe(30_000)
  })

  test('is not told where it would be a guess', () => {
    expect(timeLeft([], START)).toBeUndefined()
    expect(timeLeft(points([0, 0], [500, 0.5]), START + 500)).toBeUndefined()
    expect(timeLeft(points([0, 0], [9000, 0.01]), START + 9000)).toBeUndefined()
    expect(timeLeft(points([0, 0.5], [9000, 0.5]), START + 9000)).toBeUndefined()
    expect(timeLeft(points([0, 0], [9000, 1]), START + 9000)).toBeUndefined()
  })
})

test('books as CSV are no formulas to a spreadsheet', () => {
  const record = new JobRecord()
  const book = { title: '=HYPERLINK("http://a.example")', authors: ['One, A.', 'Two'], isbn13: '9780618346257' }
  record.take({
    seq: 1,
    at: new Date(START).toISOString(),
    type: 'book',
    data: { title: book.title, book, detail: { outcome: 'imported' } },
  })
  const titles = ['＝1+1', '\n=1', '＠SUM(1)', '1+1']
  const all = titles.map((each, seq) => ({ ...(record.books.items.items[0] as BookItem), seq, title: each }))
  const cells = booksAsCsv(all)
    .split('\r\n')
    .slice(1, -1)
    .map((row) => row.slice(0, row.indexOf(',')))
  expect(cells).toEqual(["'＝1+1", '"\'\n=1"', "'＠SUM(1)", '1+1'])
  expect(booksAsCsv(record.books.items.items)).toBe(
    '\ufefftitle,authors,isbn,publisher,published,outcome,confidence\r\n"\'=HYPERLINK(""http://a.example"")","One, A.; Two",9780618346257,,,imported,\r\n',
  )
})

test('a photo of a scan and a place on it are taken from an event only where they can be ones', () => {
  const record = new JobRecord()
  const at = new Date(START).toISOString()
  const take = (type: string, data: Json): void => record.take({ seq: record.head + 1, at, type, data })
  for (const photo of [1, 1e9, -1, 0.5, 'two']) take('step', { detail: { photo, step: 'read' } })
  const box = { x: 1, y: 2, width: 3, height: 4 }
  for (const boundingBox of [box, { width: 3, height: 4 }, { ...box, x: '1' }])
    take('book', { book: { boundingBox }, detail: { photo: 0 } })
  expect(record.books.photos.items.map(({ photo }) => photo)).toEqual([1])
  expect(record.books.items.items.map((book) => book.box)).toEqual([box, undefined, undefined])
})

test('a list is read out of its JSON, wherever the pieces are cut', () => {
  const rules = ['||a.example^', '', 'a "quoted\\" text', '\\', '["rules":[', '{}', 'ä😀\u2028', '"']
  const json = JSON.stringify({ name: 'rules', metrics: { rules: ['no'] }, rules, diff: { rules: ['no', ['nor']] }, more: ['no'] })
  for (let size = 1; size <= json.length; size += 1) {
    const read: string[] = []
    const reader = new ListReader('rules', (text) => read.push(text))
    for (let at = 0; at < json.length; at += size) reader.push(json.slice(at, at + size))
    expect(read).toEqual(rules)
  }
  const other = new ListReader('rules', () => expect.unreachable())
  other.push('{"rules":{"blob":"b","size":3},"x":["rules"]}')
  expect(other.found).toBe(false)
})

test('a job whose following ended with an error is followed again, behind what has come', async () => {
  const opened: {
    readonly after: number
    readonly tell: (events: readonly FollowedEvent[]) => void
    readonly end: (error?: Error) => void
  }[] = []
  const feed = new JobFeed((after) => {
    const follow: Pick<Follow, 'state' | 'onState' | 'subscribe' | 'close'> = {
      state: 'live',
      onState: () => () => {},
      subscribe(tell, end = () => {}) {
        opened.push({ after, tell, end })
        return () => {}
      },
      close: () => {},
    }
    return follow as Follow
  })
  onTestFinished(feed.subscribe(() => {}))
  const event = (seq: number): FollowedEvent => ({
    seq,
    at: new Date(START).toISOString(),
    type: 'log',
    data: { level: 'info', message: 'said' },
  })
  // Nothing is drawn here: what comes is taken when a frame would be.
  for (const [name, value] of [
    ['document', { hidden: false }],
    ['requestAnimationFrame', queueMicrotask],
    ['cancelAnimationFrame', () => {}],
  ] as const)
    vi.stubGlobal(name, value)
  onTestFinished(() => void vi.unstubAllGlobals())
  opened[0]?.tell([event(1), event(2)])
  await Promise.resolve()
  opened[0]?.end(new Error('Too many requests.'))
  expect([feed.state.error?.message, feed.state.record.head]).toEqual(['Too many requests.', 2])
  feed.again()
  expect([feed.state.error, feed.state.ended, opened.map(({ after }) => after)]).toEqual([undefined, false, [0, 2]])
  opened[1]?.tell([event(3)])
  await Promise.resolve()
  opened[1]?.end()
  feed.again()
  expect([feed.state.ended, feed.state.error, feed.state.record.head, opened.length]).toEqual([true, undefined, 3, 2])
})

test('colours of a program stay readable: its own are made so by the style, a background without one gets black or white', () => {
  const looks = (text: string) => piecesOf(text, '', false).map(({ classes, color, background }) => [classes.join(' '), color, background])
  expect(looks('\u001b[38;5;232mx')).toEqual([['ansi-own', 'rgb(8,8,8)', undefined]])
  expect(looks('\u001b[38;2;1;2;3mx')).toEqual([['ansi-own', 'rgb(1, 2, 3)', undefined]])
  expect(looks('\u001b[38;5;16;48;5;255mx')).toEqual([['ansi-as-is', 'rgb(0,0,0)', 'rgb(238,238,238)']])
  expect(looks('\u001b[48;5;255mx')).toEqual([['ansi-as-is', 'rgb(0,0,0)', 'rgb(238,238,238)']])
  expect(looks('\u001b[48;5;17mx')).toEqual([['ansi-as-is', 'rgb(255,255,255)', 'rgb(0,0,95)']])
  expect(looks('\u001b[31mx')).toEqual([['ansi-red', undefined, undefined]])
})
