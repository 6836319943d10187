import type { Want } from '../connection/transport.js'
import type { Heard } from '../connection/upstream.js'
import type { ConnectionState, Transport } from '../types.js'

/** What tabs of one browser say to each other, over a BroadcastChannel. */
export type TabMessage =
  /** Of a tab: all that it wants. */
  | { readonly type: 'wants'; readonly tab: string; readonly wants: readonly Want[]; readonly lists: boolean }
  /** Of a tab that hears nothing: is there a leader? */
  | { readonly type: 'ping' }
  /** Of a tab that leads from now on: what do you want? */
  | { readonly type: 'lead' }
  /** Of the leader: what its connection is; also the answer to `ping`. */
  | { readonly type: 'state'; readonly state: ConnectionState; readonly transport: Transport | undefined }
  /** Of the leader: what came for others than itself. */
  | { readonly type: 'batch'; readonly messages: readonly Heard[] }
