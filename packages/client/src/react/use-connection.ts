import { observeConnection } from '../observe/observe-connection.js'
import type { ObservedConnection } from '../observe/observe-connection.js'
import { useHeadway } from './context.js'
import { useStore } from './use-store.js'

/** How the connection is that all hooks share. */
export function useConnection(): ObservedConnection {
  return useStore(observeConnection(useHeadway()))
}
