export const TASKS_TAG = { name: 'Tasks', description: 'Scripts that run in the background, every line streamed' }

export const PATHS = {
  api: '/api',
  list: '/api/tasks',
  create: '/api/tasks/{type}',
  task: '/api/tasks/{taskId}',
  stream: '/api/tasks/{taskId}/stream',
  status: '/api/tasks/{taskId}/status',
  ticket: '/api/tasks/{taskId}/ticket',
} as const
