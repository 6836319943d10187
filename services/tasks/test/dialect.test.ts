import { LogEvent } from '@headway/core'
import type { StoredJob } from '@headway/core'
import type { Json } from '@headway/protocol'
import { tasksDialect } from '@headway/tasks'
import { expect, test } from 'vitest'

const AT = '2025-11-26T10:30:01.234Z'
const JOB: StoredJob = {
  id: '6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10',
  type: 'check',
  status: 'running',
  input: { version: 'v885' },
  definition: { kind: 'task', params: { version: 'v885', env: 'staging' }, graceMs: 1, rerunnable: false, steps: [] },
  progress: { done: 33, total: 100 },
  priority: 0,
  attempt: 1,
  recoveries: 0,
  head: 9,
  createdAt: AT,
  runAt: AT,
  startedAt: AT,
}
const LOGS = [{ timestamp: AT, level: 'stdout' as const, message: 'a line' }]
const SUMMARY = { progress: 66, startedAt: AT, logs: LOGS }
const RESULTS = [{ name: 'ios', success: true, exitCode: 0, durationMs: 5 }]
const SHOWN = { id: JOB.id, type: 'check', params: { version: 'v885', env: 'staging' }, createdAt: AT }

function encode(type: string, data: Json): unknown[] {
  const event = LogEvent.encode(7, AT, type, JSON.stringify(data))
  const messages = tasksDialect.encode(event, JOB)
  // The same again, from the event as it is stored, for a job that has gone on meanwhile.
  expect(tasksDialect.encode(LogEvent.decode(event.line), { ...JOB, status: 'completed', progress: null } as StoredJob)).toEqual(messages)
  for (const { event: name } of messages) expect(name).toBeUndefined()
  return messages.map(({ body }) => JSON.parse(body as string) as unknown)
}

test('connected, with the task as it is', () => {
  expect(tasksDialect.preamble?.(JOB).map(({ body }) => JSON.parse(body as string) as unknown)).toEqual([
    { type: 'connected', task: { ...SHOWN, status: 'running', progress: 33, startedAt: AT, completedAt: null, result: null, error: null } },
  ])
})

test.each(['plain', 'with "quotes", \\, \u0000, \u2028 and 🎉', ',"data":{"level":'])('a line: %j', (message) => {
  expect(encode('line', { level: 'stdout', message })).toEqual([{ type: 'log', log: { timestamp: AT, level: 'stdout', message } }])
})

test('an update', () => {
  const update = { status: 'running', progress: 33, startedAt: AT, step: 'ios', message: '3 of 9', logs: LOGS }
  expect(encode('update', update)).toEqual([
    { type: 'update', task: { ...SHOWN, ...update, completedAt: null, result: null, error: null } },
  ])
})

test('completed: the last update, then the end', () => {
  expect(encode('completed', { result: { success: true, results: RESULTS, summary: SUMMARY } })).toEqual([
    {
      type: 'update',
      task: {
        ...SHOWN,
        status: 'completed',
        progress: 100,
        startedAt: AT,
        completedAt: AT,
        logs: LOGS,
        result: { success: true, results: RESULTS },
        error: null,
      },
    },
    { type: 'end' },
  ])
})

test('failed by the runner', () => {
  const error = { code: 'step_failed', message: 'The step "ios" ended with exit code 1.', details: { results: RESULTS, summary: SUMMARY } }
  expect(encode('failed', { error })).toEqual([
    {
      type: 'update',
      task: {
        ...SHOWN,
        status: 'failed',
        progress: 66,
        startedAt: AT,
        completedAt: AT,
        logs: LOGS,
        result: { success: false, results: RESULTS },
        error: error.message,
        errorCode: 'step_failed',
      },
    },
    { type: 'end' },
  ])
})

test('failed by the store, which knows nothing of lines', () => {
  expect(encode('failed', { error: { code: 'worker_lost', message: 'The worker was lost.' } })).toEqual([
    {
      type: 'update',
      task: {
        ...SHOWN,
        status: 'failed',
        completedAt: AT,
        logs: [],
        result: null,
        error: 'The worker was lost.',
        errorCode: 'worker_lost',
      },
    },
    { type: 'end' },
  ])
})

test('cancelled, by the runner and before it began', () => {
  expect(encode('cancelled', { reason: 'wrong version', details: { results: [], summary: SUMMARY } })).toEqual([
    {
      type: 'update',
      task: { ...SHOWN, status: 'cancelled', progress: 66, startedAt: AT, completedAt: AT, logs: LOGS, result: null, error: null },
    },
    { type: 'end' },
  ])
  expect(encode('cancelled', {})).toEqual([
    { type: 'update', task: { ...SHOWN, status: 'cancelled', completedAt: AT, logs: [], result: null, error: null } },
    { type: 'end' },
  ])
})

test('a task that goes back to the queue is pending', () => {
  const pending = [{ type: 'update', task: { ...SHOWN, status: 'pending', completedAt: null, result: null, error: null } }]
  expect(encode('recovered', { reason: 'worker_lost', recoveries: 1, runAt: AT })).toEqual(pending)
  expect(encode('released', { reason: 'attempt_failed', runAt: AT })).toEqual(pending)
})

test.each(['created', 'claimed', 'progress', 'paused', 'resumed', 'cancelling', 'something-new'])('%s says nothing', (type) => {
  expect(encode(type, { any: 'thing' })).toEqual([])
})

test('a reset is said as it is', () => {
  const reset = { type: 'reset', reason: 'pruned', after: 0, head: 5 } as const
  expect(tasksDialect.reset(reset).map(({ body }) => JSON.parse(body as string) as unknown)).toEqual([reset])
})
