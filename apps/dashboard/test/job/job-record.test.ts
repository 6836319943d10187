import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FollowedEvent } from '@headway/client'
import { foldJob, isUnclear } from '../../../../packages/client/src/observe/fold-job.js'
import { JobRecord } from '../../src/job/model/job-record.js'
import { SliceQueue } from '../../src/job/model/slice-queue.js'
import type { Job, JobEvent, Json } from '../../src/job/model/wire.js'

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
    // The last second of a moment in the middle is one of which more is known.
    ...wholeSeconds(rate.points(record.timeOf(seq))),
  }
}

/** All of a rate but its last point, whose time is not over. */
function wholeSeconds({ times, lines, events }: ReturnType<JobRecord['rate']['points']>): object {
  return { times, lines: lines.slice(0, -1), events: events.slice(0, -1) }
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

describe('the life of a job', () => {
  const boom = { code: 'boom', message: 'It broke.' }
  const released = (error?: Json) =>
    ['released', { reason: 'given back', runAt: '2026-11-22T10:00:00.000Z', ...(error !== undefined && { error }) }] as const
  const lifeOf = (...events: (readonly [string, Json])[]) => {
    const record = recordOf(logOf([CREATED, ...events]))
    return { record, life: record.life.at(record.head) }
  }

  test('what was wrong with an attempt is of that attempt only', () => {
    const { record, life } = lifeOf(claimed(1), released(boom), claimed(2), released(), claimed(2), ['completed', {}])
    expect(life.error).toBeUndefined()
    expect(record.life.at(3).error).toEqual(boom)
    const lines = Array.from({ length: record.log.endAt(record.head) }, (_, line) => record.log.text(line))
    expect(lines).toContain('Given back: given back (It broke.)')
    expect(lines).toContain('Given back: given back')
    const attempts = record.timeline.until(record.head).filter(({ lane }) => lane === 'attempt')
    expect(attempts.map(({ end }) => end)).toEqual(['failed', 'stopped', 'done'])
  })

  test('a job that nobody has waits when it is resumed', () => {
    expect(lifeOf(['paused', {}], ['resumed', {}]).life.status).toBe('queued')
    expect(lifeOf(claimed(1), released(), ['paused', {}], ['resumed', {}]).life.status).toBe('queued')
    expect(lifeOf(claimed(1), ['paused', {}], ['resumed', {}]).life.status).toBe('running')
  })

  test('a job that was over before it could be cancelled is not being cancelled', () => {
    expect(lifeOf(claimed(1), ['cancelling', {}], ['completed', {}]).life).toMatchObject({ status: 'completed', cancelling: false })
    expect(lifeOf(claimed(1), ['cancelling', {}], ['failed', { error: boom }]).life).toMatchObject({ status: 'failed', cancelling: false })
  })

  test('its end is known however much happened before', () => {
    const pauses = Array.from(
      { length: 10_001 },
      () =>
        [
          ['paused', {}],
          ['resumed', {}],
        ] as const,
    ).flat()
    expect(lifeOf(claimed(1), ...pauses, ['completed', {}]).life.status).toBe('completed')
  })
})

test('what is shown of a moment is another array when there is more', () => {
  const record = recordOf(logOf([CREATED, claimed(1), ['progress', { done: 1, total: 4 }]]))
  const before = record.progress.until(record.head)
  const [event] = logOf([['progress', { done: 3, total: 4 }]])
  record.take({ ...(event as JobEvent), seq: 4 })
  expect(record.progress.until(3)).toEqual(before)
  expect(before).toHaveLength(1)
  expect(record.progress.until(record.head)).toHaveLength(2)
})

test('the client folds a log into the same status, and asks where the log alone does not tell it', () => {
  const at = new Date(START).toISOString()
  const job = { id: 'j', type: 'any', status: 'queued', attempt: 0, recoveries: 0, head: 0, createdAt: at, runAt: at } as unknown as Job
  const change = fc.constantFrom(
    claimed(1),
    ['paused', {}] as const,
    ['resumed', {}] as const,
    ['cancelling', {}] as const,
    ['released', { reason: 'shutdown', runAt: at }] as const,
    ['recovered', { reason: 'worker_lost', recoveries: 1, runAt: at }] as const,
    ['completed', {}] as const,
    ['failed', { error: { code: 'x', message: 'y' } }] as const,
    ['cancelled', {}] as const,
  )
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const record = new JobRecord()
      let folded = job
      for (const event of logOf([CREATED, ...changes])) {
        record.take(event)
        const { status, cancelling, attempt, recoveries } = record.life.at(record.head)
        folded = foldJob(folded, event as FollowedEvent)
        // It asks the server now; of a job that never began it knows by itself.
        if (isUnclear(event as FollowedEvent) && folded.startedAt !== undefined) folded = { ...folded, status }
        expect(folded).toMatchObject({ status, attempt, recoveries })
        expect(folded.request === 'cancel').toBe(cancelling)
      }
    }),
  )
})

describe('a queue of slices', () => {
  function queueOf() {
    const planned: { readonly run: (budgetMs: number) => void; readonly isHasty: boolean }[] = []
    let taken = 0
    const queue = new SliceQueue<number>(
      () => (taken += 1),
      () => {},
      (run, isHasty) => {
        const plan = { run, isHasty }
        planned.push(plan)
        return () => planned.includes(plan) && planned.splice(planned.indexOf(plan), 1)
      },
    )
    return { queue, planned, taken: () => taken }
  }

  test('never takes more than its slice, however much waits, and hurries then', () => {
    const { queue, planned, taken } = queueOf()
    queue.push([1])
    expect(planned.map(({ isHasty }) => isHasty)).toEqual([false])
    queue.push(Array.from({ length: 100_030 }, () => 1))
    expect(taken()).toBe(0)
    expect(planned.map(({ isHasty }) => isHasty)).toEqual([true])
    planned.shift()?.run(0)
    expect(taken()).toBe(16)
    expect(planned.map(({ isHasty }) => isHasty)).toEqual([true])
    planned.shift()?.run(0)
    expect(planned.map(({ isHasty }) => isHasty)).toEqual([false])
    planned.shift()?.run(Infinity)
    expect([taken(), queue.waiting, planned.length]).toEqual([100_031, 0, 0])
  })
})
