import type { JobMessage } from './follow-job.js'

/** Where a watched job is shown. */
export interface JobDisplay {
  show(message: JobMessage): void
  /** A line of this command's own. */
  note(text: string): void
  /** Waits until there is room for more, or the signal aborts; undefined where there is. */
  room(signal: AbortSignal): Promise<unknown> | undefined
  /** Shows what is waiting. Nothing is shown afterwards. */
  close(): void
}
