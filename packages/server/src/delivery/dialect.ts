import type { BlobRef, LogEvent, StoredJob } from '@headway/core'
import type { Reset } from '@headway/protocol'

/** What never changes in a job, and so may shape how its events look. */
export type ImmutableJob = Pick<StoredJob, 'id' | 'type' | 'input' | 'definition' | 'createdAt' | 'parentId' | 'retryOf' | 'concurrencyKey'>

/** JSON text; or a large one whose middle lies in a blob: `prefix`, the blob's bytes and `suffix` make the text. */
export type MessageBody = string | { readonly prefix: string; readonly blob: BlobRef; readonly suffix: string }

/** One message of a dialect. Over SSE `event` becomes the event's name. */
export interface DialectMessage {
  readonly event?: string
  readonly body: MessageBody
}

/**
 * How one service shows a job's log on the wire.
 *
 * `encode` is pure: the same event always gives the same messages, for every viewer, or none. When it gives n messages for event N, over
 * SSE the k-th has the id `N.k` and the last has the id `N`. What belongs to one connection only (`preamble`, `reset`) has no id.
 */
export interface Dialect {
  readonly name: string
  encode(event: LogEvent, job: ImmutableJob): readonly DialectMessage[]
  /** Sent first on every connection. The job is as it was when the stream began. */
  preamble?(job: StoredJob): readonly DialectMessage[]
  reset(reset: Reset): readonly DialectMessage[]
}
