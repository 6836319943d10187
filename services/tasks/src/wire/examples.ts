import type { LogEntry } from '../runner/task-events.js'
import type { TaskView } from './task-view.js'

/** Values that the examples of the API descriptions are made of. */
export const EXAMPLE_TASK_ID = '6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10'
export const EXAMPLE_TIME = '2025-11-26T10:30:01.234Z'
const EXAMPLE_END = '2025-11-26T10:30:09.871Z'
const TASKS_URL = 'http://127.0.0.1:3000/api/tasks'
export const EXAMPLE_STREAM_URL = `${TASKS_URL}/${EXAMPLE_TASK_ID}/stream`

export const EXAMPLE_LINE: LogEntry = { timestamp: EXAMPLE_TIME, level: 'stdout', message: 'ios: 3 of 9 files are as they should be' }

export const EXAMPLE_TASK: TaskView = {
  id: EXAMPLE_TASK_ID,
  type: 'check-integrity',
  status: 'running',
  progress: 0,
  params: { version: 'v885', env: 'staging' },
  createdAt: EXAMPLE_TIME,
  startedAt: EXAMPLE_TIME,
  completedAt: null,
  result: null,
  error: null,
}

export const FINISHED_TASK: TaskView = {
  ...EXAMPLE_TASK,
  status: 'completed',
  progress: 100,
  completedAt: EXAMPLE_END,
  result: { success: true, results: [{ name: 'ios', success: true, exitCode: 0, durationMs: 8624 }] },
}

export const EXAMPLE_CREATED = {
  success: true,
  taskId: EXAMPLE_TASK_ID,
  type: 'check-integrity',
  status: 'pending',
  streamUrl: EXAMPLE_STREAM_URL,
  statusUrl: `${TASKS_URL}/${EXAMPLE_TASK_ID}/status`,
}

export const EXAMPLE_DESCRIPTION = {
  success: true,
  name: 'Headway tasks',
  version: '0.1.0',
  openapiUrl: 'http://127.0.0.1:3000/openapi.json',
  routes: [{ method: 'POST', path: '/api/tasks/{type}', summary: 'Create a task' }],
  types: [
    {
      name: 'check-integrity',
      description: 'Check every file of a version against its manifests',
      createUrl: `${TASKS_URL}/check-integrity`,
      params: { type: 'object', required: ['version'], properties: { version: { type: 'string', pattern: '^v[0-9]+$' } } },
      steps: ['ios', 'android'],
    },
  ],
}
