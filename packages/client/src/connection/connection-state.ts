import type { ConnectionState } from '../types.js'

/** What happens to a connection: something is asked of it, the server is heard, it is lost, nothing more is asked of it. */
export type ConnectionSignal = 'open' | 'heard' | 'lost' | 'close'

/** What each state becomes. What is not here changes nothing: a connection that never was is not being had back. */
const NEXT: Readonly<Record<ConnectionState, Partial<Record<ConnectionSignal, ConnectionState>>>> = {
  closed: { open: 'connecting' },
  connecting: { heard: 'live', close: 'closed' },
  live: { lost: 'reconnecting', close: 'closed' },
  reconnecting: { heard: 'live', close: 'closed' },
}

/** The state after a signal. */
export function nextState(state: ConnectionState, signal: ConnectionSignal): ConnectionState {
  return NEXT[state][signal] ?? state
}

/** Of several connections the state that a user should know of: the worst one. `closed` where there is none. */
export function worstState(states: readonly ConnectionState[]): ConnectionState {
  return (['reconnecting', 'connecting', 'live'] as const).find((state) => states.includes(state)) ?? 'closed'
}
