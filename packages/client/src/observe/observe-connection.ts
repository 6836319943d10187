import type { Connection, ConnectionState, Transport } from '../types.js'
import { sharedStore } from './store.js'
import type { Store } from './store.js'

/** How the connection is that all follows of a client share. */
export interface ObservedConnection {
  readonly state: ConnectionState
  /** Undefined while none is in use. */
  readonly transport: Transport | undefined
  /** Whether this tab holds the connection for the others. */
  readonly leader: boolean
}

/** Keeps how the connection of a client is. */
export function observeConnection({ connection }: { readonly connection: Connection }): Store<ObservedConnection> {
  return sharedStore(connection, 'connection', () => {
    let shown: ObservedConnection | undefined
    return {
      compute() {
        const { state, transport, leader } = connection
        if (!shown || shown.state !== state || shown.transport !== transport || shown.leader !== leader)
          shown = { state, transport, leader }
        return shown
      },
      open(changed) {
        // It may have changed since it was looked at first.
        changed()
        return connection.onChange(changed)
      },
    }
  })
}
