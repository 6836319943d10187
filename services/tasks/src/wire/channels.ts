import type { ChannelDescription } from '@headway/server'
import { PATHS, TASKS_TAG } from './paths.js'
import { taskIdSchema } from './schemas.js'
import { taskStreamMessages, taskStreamSample } from './stream-messages.js'

/** `GET /api/tasks/{taskId}/stream`. */
export const taskStreamChannel: ChannelDescription = {
  name: 'taskStream',
  transport: 'sse',
  path: PATHS.stream,
  tags: [TASKS_TAG.name],
  title: 'What a task prints and how it goes on',
  description:
    'Messages have no `event` name; the `type` in the JSON says what it is. Who connects late gets `connected`, then everything from the first line or from its `Last-Event-ID` on. The stream ends after `end`.',
  access: 'job',
  params: taskIdSchema,
  sends: taskStreamMessages,
  sample: taskStreamSample,
}
