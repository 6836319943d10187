import type { JobId, Json } from '@headway/protocol'
import type { EmitOptions, StopReason } from '../jobs/context.js'
import type { BlobRef } from '../store/blob-store.js'

/** Words of the control block that a thread and its engine share. All are 32-bit integers. */
export const CONTROL = {
  /** What the thread must do: one of `COMMANDS`. */
  command: 0,
  /** Bytes of events that the thread sent and that are not committed yet. */
  unacknowledged: 1,
  /** 1: the job is to be given back, if it has a checkpoint: its next pause point must ask. */
  draining: 2,
  words: 3,
} as const

export const COMMANDS = { run: 0, pause: 1, cancelled: 2, draining: 3, lease_lost: 4, rested: 5 } as const

/** Why a command tells the thread to stop; undefined for one that does not. */
export function stopKindOf(command: number): StopReason['kind'] | undefined {
  return STOP_KINDS.find((kind) => COMMANDS[kind] === command)
}

const STOP_KINDS: readonly StopReason['kind'][] = ['cancelled', 'draining', 'lease_lost', 'rested']

/** A thread waits before it sends more when so many bytes of its events are not committed. */
export const EVENT_CREDIT_BYTES = 1024 * 1024

/** One blob chunk that a thread sends at a time. */
export const BLOB_CHUNK_BYTES = 256 * 1024

export interface ThreadStart {
  readonly module: string
  readonly control: SharedArrayBuffer
  readonly input: Json
  readonly job: {
    readonly id: JobId
    readonly type: string
    readonly attempt: number
    readonly epoch: number
    readonly saved: Json | undefined
    readonly definition: Json | undefined
  }
}

export interface ThreadEvent extends EmitOptions {
  readonly kind: 'event' | 'progress'
  readonly type: string
  readonly data: Json
}

/** From the thread to the engine. Calls with an `id` are answered. */
export type FromThread =
  | { readonly what: 'events'; readonly id: number; readonly bytes: number; readonly events: readonly ThreadEvent[] }
  | { readonly what: 'pause-point'; readonly id: number }
  | { readonly what: 'put-chunk'; readonly id: number; readonly put: number; readonly chunk: Uint8Array | null }
  | {
      readonly what: 'read-chunk'
      readonly id: number
      readonly read: number
      readonly ref: BlobRef
      readonly range?: { start?: number; end?: number }
    }
  | { readonly what: 'close-read'; readonly id: number; readonly read: number }
  | { readonly what: 'result'; readonly result: Json | undefined }
  | { readonly what: 'error'; readonly error: ThreadError }

export interface ThreadError {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly retryable?: boolean
  readonly details?: Json
}

/** From the engine to the thread. */
export type ToThread =
  | { readonly what: 'answer'; readonly id: number; readonly value?: Json | Uint8Array | BlobRef | null }
  | { readonly what: 'refusal'; readonly id: number; readonly error: ThreadError }
  | { readonly what: 'stop'; readonly kind: StopReason['kind']; readonly message: string }
