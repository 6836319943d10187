import { z } from 'zod'
import { followSse } from './follow-sse.js'
import type { FollowSseOptions } from './follow-sse.js'

const taskSchema = z.object({
  id: z.string(),
  status: z.enum(['pending', 'running', 'completed', 'failed', 'cancelled']),
  /** A whole percentage; absent where the server does not know it. */
  progress: z.number().optional(),
  message: z.string().optional(),
  error: z.string().nullish(),
})

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connected'), task: taskSchema }),
  z.object({ type: z.literal('log'), log: z.object({ timestamp: z.string(), level: z.string(), message: z.string() }) }),
  z.object({ type: z.literal('update'), task: taskSchema }),
  z.object({ type: z.literal('reset'), reason: z.string() }),
  z.object({ type: z.literal('end') }),
])
/** A message of a task's stream, with its id where it has one. */
export type TaskMessage = z.infer<typeof messageSchema> & { readonly id: string | undefined }

/**
 * Follows a task to its end, through lost connections. `connected` comes again with each connection; nothing else comes twice.
 *
 * @throws StreamRefusedError
 */
export async function* followTask(options: FollowSseOptions): AsyncGenerator<TaskMessage, void, void> {
  for await (const { id, data } of followSse(options)) {
    const message = messageSchema.parse(JSON.parse(data))
    yield { ...message, id }
    if (message.type === 'end') return
  }
}
