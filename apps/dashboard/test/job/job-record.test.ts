import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JobRecord } from '../../src/job/model/job-record.js'
import type { JobEvent, Json } from '../../src/job/model/wire.js'

const START = Date.parse('2026-11-22T10:00:00.000Z')

/** A log: each event a while after the one before. */
function logOf(events: readonly (readonly [type: string, data: Json, afterMs?: number])[]): JobEvent[] {
  let at = START
  return events.map(([type, data, afterMs = 10], index) => ({ seq: index + 1, at: new Date((at += afterMs)).toISOString(), type, data }))
}

function recordOf(events: readonly JobEvent[]): JobRecord {
  const record = new JobRecord()
  for (const event of events) record.take(event)
  return record
}

/** All that a record shows of a moment. */
function shownAt(record: JobRecord, seq: number): unknown {
  const { life, progress, timeline, figures, books, log, events, rate } = record
  const lines = Array.from({ length: log.endAt(seq) }, (_, line) => [log.text(line), log.level(line), log.seq(line), log.at(line)])
  return {
    life: life.at(seq),
    progress: progress.until(seq),
    spans: timeline.until(seq),
    figures: [figures.downloads, figures.cache, figures.transformations, figures.metrics].map((series) => series.until(seq)),
    books: books.items.until(seq),
    photos: books.photos.until(seq),
    lines,
    events: Array.from({ length: events.indexOf(seq) + 1 }, (_, event) => [events.seq(event), events.type(event), events.data(event)]),
    times: rate.points(record.timeOf(seq)).times,
  }
}

const CREATED = ['created', { type: 'any' }] as const
const claimed = (attempt: number, recoveries = 0) => ['claimed', { worker: 'w1', epoch: attempt, attempt, recoveries }] as const
const source = (index: number) => ({ source: { name: `List ${index}`, source: 'https://a.example/' }, sourceIndex: index, totalSources: 3 })

const work = fc.oneof(
  fc.record({ level: fc.constantFrom('debug', 'info', 'warn', 'error'), message: fc.string() }).map((data) => ['log', data] as const),
  fc
    .record({ level: fc.constantFrom('stdout', 'stderr'), message: fc.constantFrom('a', '\u001b[31mred\u001b[0m', 'two\nlines') })
    .map((data) => ['line', data] as const),
  fc.record({ done: fc.nat(100), total: fc.constantFrom(100, null) }).map((data) => ['progress', data] as const),
  fc.constantFrom('one', 'two').map((step) => ['update', { step, logs: [] }] as const),
  fc.nat(2).map((index) => ['source:start', source(index)] as const),
  fc.nat(2).map((index) => ['source:complete', { ...source(index), ruleCount: 3, durationMs: 7 }] as const),
  fc.nat(2).map((index) => ['source:error', { ...source(index), error: '404' }] as const),
  fc.constantFrom('hit', 'miss', 'write').map((operation) => ['cache', { operation, key: 'k', category: 'cache', eventId: 'e' }] as const),
  fc
    .nat(500)
    .map((durationMs) => ['network', { method: 'GET', url: 'https://a.example/', statusCode: 200, durationMs, responseSize: 10 }] as const),
  fc.string().map((title) => ['book', { done: 1, total: 2, title, detail: { outcome: 'imported', row: 2 } }] as const),
  fc.constantFrom(
    ...([
      ['paused', {}],
      ['resumed', {}],
      ['cancelling', {}],
    ] as const),
  ),
  fc.constant(['released', { reason: 'attempt_failed', runAt: '2026-11-22T10:00:00.000Z', error: { code: 'x', message: 'y' } }] as const),
  fc.nat(3).map((attempt) => claimed(attempt)),
  fc.json().map((text) => ['any:thing', JSON.parse(text) as Json] as const),
)

describe('the record of a job', () => {
  test('says of any moment what a record says that has the log up to there', () => {
    const logs = fc.array(fc.tuple(work, fc.nat(3000)), { maxLength: 40 })
    fc.assert(
      fc.property(logs, fc.nat(45), (items, place) => {
        const log = logOf([
          CREATED,
          claimed(1),
          ...items.map(([[type, data], ms]) => [type, data, ms] as const),
          ['completed', { result: 1 }],
        ])
        const seq = Math.min(log.length, place + 1)
        expect(shownAt(recordOf(log), seq)).toEqual(shownAt(recordOf(log.slice(0, seq)), seq))
      }),
      { numRuns: 200 },
    )
  })

  test('tells the attempts, steps and the end of a task that failed once', () => {
    const log = logOf([
      CREATED,
      claimed(1),
      ['update', { step: 'fetch', logs: [] }],
      ['released', { reason: 'attempt_failed', runAt: '2026-11-22T10:00:05.000Z', error: { code: 'step_failed', message: 'no' } }],
      claimed(2, 1),
      ['update', { step: 'fetch', logs: [] }],
      ['update', { step: 'check', logs: [] }],
      ['paused', { reason: 'lunch' }],
      ['resumed', {}],
      ['failed', { error: { code: 'step_failed', message: 'check ended with 1' } }],
    ])
    const record = recordOf(log)
    const spans = (lane: string, seq = record.head) =>
      record.timeline.until(seq).flatMap((span) => (span.lane === lane ? [[span.name, span.end]] : []))
    expect(spans('attempt')).toEqual([
      ['Attempt 1', 'failed'],
      ['Attempt 2', 'failed'],
    ])
    expect(spans('step')).toEqual([
      ['fetch', 'stopped'],
      ['fetch', 'done'],
      ['check', 'failed'],
    ])
    expect(spans('status')).toEqual([
      ['queued', 'done'],
      ['running', 'done'],
      ['queued', 'done'],
      ['running', 'done'],
      ['paused', 'done'],
      ['running', 'failed'],
    ])
    expect(spans('attempt', 5)).toEqual([
      ['Attempt 1', 'failed'],
      ['Attempt 2', undefined],
    ])
    expect(record.life.at(8)).toMatchObject({ status: 'paused', reason: 'lunch', attempt: 2 })
    expect(record.life.at(10)).toMatchObject({ status: 'failed', error: { message: 'check ended with 1' } })
  })

  test('leaves out an event that it knows', () => {
    const log = logOf([CREATED, claimed(1), ['log', { level: 'info', message: 'once' }]])
    const record = recordOf([...log, ...log])
    expect([record.head, record.log.end, record.events.end]).toEqual([3, 3, 3])
  })
})
