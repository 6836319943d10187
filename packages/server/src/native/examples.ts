import type { CreatedJob, Job, JobEvent, JobTypeInfo, Stats } from '@headway/protocol'

/** Values that the examples of the API descriptions are made of. */
export const EXAMPLE_JOB_ID = '6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10'
export const EXAMPLE_TIME = '2026-11-22T10:30:01.234Z'
export const EXAMPLE_END = '2026-11-22T10:30:09.871Z'
/** As the description shows URLs; a server says its own. */
export const EXAMPLE_BASE = 'http://127.0.0.1:3000'
export const EXAMPLE_TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJqb2IiOiI2ZDlhNGY5ZSJ9.c2lnbmF0dXJl'

export const EXAMPLE_JOB: Job = {
  id: EXAMPLE_JOB_ID,
  type: 'count',
  status: 'completed',
  input: { to: 3 },
  progress: { done: 3, total: 3 },
  result: { counted: 3 },
  priority: 0,
  attempt: 1,
  recoveries: 0,
  head: 6,
  createdAt: EXAMPLE_TIME,
  runAt: EXAMPLE_TIME,
  startedAt: EXAMPLE_TIME,
  finishedAt: EXAMPLE_END,
}

export const EXAMPLE_CREATED: CreatedJob = {
  job: {
    id: EXAMPLE_JOB_ID,
    type: 'count',
    status: 'queued',
    input: { to: 3 },
    progress: null,
    priority: 0,
    attempt: 0,
    recoveries: 0,
    head: 1,
    createdAt: EXAMPLE_TIME,
    runAt: EXAMPLE_TIME,
  },
  token: EXAMPLE_TOKEN,
  eventsUrl: `${EXAMPLE_BASE}/jobs/${EXAMPLE_JOB_ID}/events`,
}

/** An event of the example job. */
export function exampleEvent(seq: number, type: string, data: JobEvent['data']): JobEvent {
  return { seq, at: EXAMPLE_TIME, type, data }
}

export const EXAMPLE_JOB_TYPE: JobTypeInfo = {
  name: 'count',
  service: 'custom',
  title: 'Count',
  description: 'Counts, slowly',
  pausable: true,
  input: { type: 'object', properties: { to: { type: 'integer', minimum: 1 } }, required: ['to'] },
  create: { kind: 'native' },
}

const EXAMPLE_COUNTS = { queued: 2, running: 3, paused: 0, completed: 1024, failed: 4, cancelled: 7 }

/** Of the minutes, of which there are more, the last. */
export const EXAMPLE_STATS: Stats = {
  at: EXAMPLE_TIME,
  jobs: EXAMPLE_COUNTS,
  types: [{ name: 'count', ...EXAMPLE_COUNTS }],
  minutes: [{ at: '2026-11-22T10:30:00.000Z', created: 12, completed: 9, failed: 1, cancelled: 0 }],
  oldestQueuedAt: '2026-11-22T10:29:58.120Z',
  events: { perSecond: 42.4 },
  workers: [{ id: 'host:4711:0f8c2f1d', running: 3, slots: 100, since: '2026-11-22T08:00:00.000Z', self: true }],
  watchers: { sse: 12, websocket: 3, poll: 0 },
}
