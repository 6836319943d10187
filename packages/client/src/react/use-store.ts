import { useSyncExternalStore } from 'react'
import type { Store } from '../observe/store.js'

/** What a store shows; on a server what it shows before it is opened. */
export function useStore<T>({ subscribe, get }: Store<T>): T {
  return useSyncExternalStore(subscribe, get, get)
}
