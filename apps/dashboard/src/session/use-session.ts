import { createContext, useContext, useSyncExternalStore } from 'react'
import { Session } from './session.js'
import type { SessionState } from './session.js'

export const SessionContext = createContext(new Session(undefined))

/** The session of this tab, to sign in and out. */
export function useSession(): Session {
  return useContext(SessionContext)
}

export function useSessionState(): SessionState {
  const session = useSession()
  return useSyncExternalStore(session.subscribe, session.state)
}
