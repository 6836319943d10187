import { useOnline } from '../shared/use-online.js'

/** The state of the connection that all pages share. */
export function useConnection(): {
  readonly state: 'connecting' | 'live' | 'reconnecting' | 'closed'
  readonly transport?: 'sse' | 'websocket' | 'poll'
} {
  return { state: useOnline() ? 'live' : 'reconnecting', transport: 'poll' }
}
