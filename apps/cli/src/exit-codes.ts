import type { TerminalStatus } from '@headway/protocol'

/** What the command's exit code says. 69 and 75 are those of sysexits.h. */
export const EXIT = {
  completed: 0,
  /** The job failed, or the server refused the request. */
  failed: 1,
  usage: 2,
  /** EX_UNAVAILABLE: the server can't be reached. */
  unreachable: 69,
  /** EX_TEMPFAIL: how it ends is not known yet, as after a Ctrl-C that leaves the job running. */
  unknown: 75,
  /** As a shell says of a command that was ended by Ctrl-C. */
  cancelled: 130,
} as const

/** The exit code of a command that waited for the end of a job. */
export function exitCodeOf(status: TerminalStatus): number {
  return EXIT[status]
}

export const EXIT_CODES_HELP = `
Exit codes: 0 completed (or done), 1 failed or refused, 2 wrong use, 69 the server can't be reached,
75 not known yet (left with Ctrl-C, or waited too long: the job goes on), 130 cancelled.`
