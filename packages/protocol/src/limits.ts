/** The largest event: its whole JSON line, in bytes of UTF-8. Larger values are blobs that an event refers to. */
export const MAX_EVENT_BYTES = 64 * 1024

/** The most events that one page of a log holds, when the caller names no number. */
export const DEFAULT_PAGE_EVENTS = 1000

/** The longest that a poll may wait for news, in seconds. */
export const MAX_POLL_WAIT_SECONDS = 60

/** The longest name of a job type or an event type, in characters. */
export const MAX_NAME_LENGTH = 64
