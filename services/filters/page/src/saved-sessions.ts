import { Session } from './session.js'
import type { SavedSession } from './session.js'

const KEY = 'headway-compilations'

/** The compilations of this tab that were not over when it was last here. */
export function restoreSessions(): Session[] {
  try {
    const saved = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as readonly SavedSession[]
    return saved.map((session) => Session.restored(session))
  } catch {
    return []
  }
}

/** Keeps what is needed to attach to them after a reload. Where the browser allows no storage, that is all that is lost. */
export function saveSessions(sessions: Iterable<Session>): void {
  const saved = [...sessions].flatMap((session) => session.saved ?? [])
  try {
    sessionStorage.setItem(KEY, JSON.stringify(saved))
  } catch {
    // See above.
  }
}
