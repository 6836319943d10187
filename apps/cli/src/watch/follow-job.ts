import { TERMINAL_STATUSES } from '@headway/protocol'
import type { TerminalStatus } from '@headway/protocol'
import { z } from 'zod'
import { followSse, StreamUnreadableError } from './follow-sse.js'
import type { FollowSseOptions } from './follow-sse.js'

/** As much of an event as every event has. What its data must look like is for who shows it. */
const eventSchema = z.object({ seq: z.int().positive(), at: z.string(), type: z.string(), data: z.unknown() })
export type SeenEvent = z.infer<typeof eventSchema>

const resetSchema = z.object({ type: z.literal('reset'), reason: z.string(), after: z.int().nonnegative() })
export type SeenReset = z.infer<typeof resetSchema>

/** `line` is the JSON as the server gave it. */
export type JobMessage =
  | { readonly kind: 'event'; readonly event: SeenEvent; readonly line: string }
  | { readonly kind: 'reset'; readonly reset: SeenReset; readonly line: string }

const NO_EVENT = 'A message of the stream is no event.'

export interface FollowJobOptions extends Omit<FollowSseOptions, 'after'> {
  /** The seq of the last event that is there already; 0 for all. */
  readonly after: number
}

/**
 * Follows the log of a job of any type to its last event, through lost connections and restarts of the server. Ends without
 * one where nothing follows the cursor any more.
 *
 * @throws StreamRefusedError, StreamUnreadableError, StreamLostError
 */
export async function* followJob(options: FollowJobOptions): AsyncGenerator<JobMessage, void, void> {
  const { after, ...more } = options
  for await (const { id, data: line } of followSse({ ...more, after: String(after) })) {
    const value = readJson(line)
    // Only events have an id.
    if (id === undefined) {
      const reset = resetSchema.safeParse(value)
      if (reset.success) yield { kind: 'reset', reset: reset.data, line }
      continue
    }
    const event = eventSchema.safeParse(value)
    if (!event.success) throw new StreamUnreadableError(NO_EVENT)
    yield { kind: 'event', event: event.data, line }
    if (endOf(event.data) !== undefined) return
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new StreamUnreadableError(NO_EVENT)
  }
}

/** How the job ended, where this is its last event. */
export function endOf({ type }: SeenEvent): TerminalStatus | undefined {
  return TERMINAL_STATUSES.find((status) => status === type)
}
