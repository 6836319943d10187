import type { ServerMessage } from '@headway/protocol'
import type { ConnectionState, Transport } from '../types.js'
import type { Want } from './transport.js'

/** Where the followers of a page get their messages from: connections of this tab, or the tab that has them. */
export interface Upstream {
  readonly state: ConnectionState
  readonly transport: Transport | undefined
  /** Whether the connections are those of this tab. */
  readonly leader: boolean
  /** What is wanted has changed. */
  update(): void
  /** Nothing will be wanted any more. */
  close(): void
}

/** A message of the server. An `error` has the token that the job was asked for with: only who has the same is meant. */
export type Heard = ServerMessage & { readonly token?: string | undefined }

/** Whoever an upstream works for. */
export interface Downstream {
  /**
   * What is wanted now. The same job may be there more than once, each time from another cursor: one that is not where the others are is told
   * so by `attached`, and gets what it lacks by itself.
   */
  wants(): readonly Want[]
  /** Whether to be told when jobs have changed. */
  lists(): boolean
  /** Messages of jobs, also of some that are not wanted. An `error` is the last of its job. */
  take(messages: readonly Heard[]): void
  /** `state`, `transport` or `leader` has changed. */
  changed(): void
}
