/** The longest piece of a line that one event holds, in UTF-16 units; a longer line goes out in several pieces. */
export const MAX_LINE_UNITS = 16 * 1024

/** The most bytes of JSON that one piece of a line takes: well under an event's 64 KiB, with its other members. */
export const MAX_LINE_JSON_BYTES = 60 * 1024

/** How many of the latest lines an update shows. */
export const UPDATE_LOGS = 10

/** The most of one line that an update shows, in UTF-16 units: the whole line is in its own event. */
export const MAX_UPDATE_LINE_UNITS = 500

/** The most bytes of JSON that the lines of one update take. */
export const MAX_UPDATE_LOGS_BYTES = 16 * 1024

/** The most bytes of JSON that the results of all steps take together. */
export const MAX_RESULTS_BYTES = 32 * 1024

/** Between two updates of a task that only makes progress, in milliseconds: at most four a second. */
export const UPDATE_EVERY_MS = 250

/** Between two states of a progress bar that is drawn over itself with carriage returns, in milliseconds. */
export const OVERWRITTEN_EVERY_MS = 250

/**
 * So many bytes of events are emitted before the earlier ones must be committed. Twice as much may be under way: that is half of what the ring of a
 * watched job holds, so that watchers who keep up find it there and don't make the store read.
 */
export const EMIT_GROUP_BYTES = 256 * 1024

/** The largest task file, in bytes. */
export const MAX_TASK_FILE_BYTES = 1024 * 1024

/** The most steps of one task type. */
export const MAX_STEPS = 100

/** How often one step may lose its process host, where the type says `onCrash: rerun`. */
export const MAX_HOST_LOSSES = 10

/** The most of a command that `Executing:` shows, in UTF-16 units. */
export const MAX_COMMAND_UNITS = 500

/** The most of the reason why a program could not be started, in UTF-16 units. */
export const MAX_START_ERROR_UNITS = 1000

/** What the engine allows beyond a task's own grace before it ends the job without it, in milliseconds. */
export const GRACE_SLACK_MS = 5_000

/** The longest duration that a task file can ask for, in milliseconds: what a timer can hold, about 24 days. */
export const MAX_DURATION_MS = 2 ** 31 - 1

/** The most mistakes in its parameters that the answer to a creation names. */
export const MAX_FIELD_ERRORS = 50

/** In larger parameters only the first mistake is looked for. In UTF-16 units of JSON text. */
export const MAX_FULLY_CHECKED_UNITS = 16 * 1024
