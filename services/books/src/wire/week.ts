const DAY_MS = 24 * 60 * 60_000
/** 4 January 1970 was a Sunday. */
const FIRST_SUNDAY_MS = 3 * DAY_MS
const WEEK_MS = 7 * DAY_MS

/** A week as recommendations count it: from Sunday 00:00 UTC on. */
export interface Week {
  /** Since 1970, from 0. */
  readonly number: number
  /** Its Sunday: `2026-11-22`. */
  readonly startsOn: string
}

/** The week of a moment. */
export function weekOf(at: Date): Week {
  const number = Math.floor((at.getTime() - FIRST_SUNDAY_MS) / WEEK_MS)
  return { number, startsOn: new Date(FIRST_SUNDAY_MS + number * WEEK_MS).toISOString().slice(0, 10) }
}
