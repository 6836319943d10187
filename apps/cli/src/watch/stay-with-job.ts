import type { Job } from '@headway/protocol'
import type { Api } from '../api/api.js'
import { getJob } from '../api/find-job.js'
import { CommandError } from '../command-error.js'
import { cleanLine } from '../text/clean.js'
import { colorsFor } from '../text/colors.js'
import { flagDuration } from '../text/flag-duration.js'
import { chooseDisplay } from './choose-display.js'
import { endText } from './end-text.js'
import type { StopSignals } from './stop-signals.js'
import { watchJob } from './watch-job.js'

export interface StayFlags {
  readonly url?: string
  readonly keyFile?: string
  readonly color?: boolean
  readonly json?: boolean
  readonly raw?: boolean
  readonly time?: boolean
  readonly giveUpAfter: string
  readonly cancelOnExit?: boolean
  /** Shows nothing of the job but its end. */
  readonly quiet?: boolean
}

/**
 * Shows a job to its end and says how it ended.
 *
 * @param after the seq of the last event that is not to be shown
 * @returns the exit code
 * @throws CommandError
 */
export async function stayWithJob(api: Api, job: Job, after: number, stop: StopSignals, flags: StayFlags): Promise<number> {
  const end = await watchJob({
    api,
    job,
    after,
    display: chooseDisplay(after === 0 ? { type: job.type, status: 'queued', progress: null } : job, flags),
    stop,
    cancelOnExit: flags.cancelOnExit === true,
    giveUpAfterMs: flagDuration('--give-up-after', flags.giveUpAfter),
    comeBack: (seq) => comeBackCommand(job.id, flags, seq),
  })
  if (end.status === undefined) return end.exitCode
  const finished = await getJob(api, job.id).catch((error: unknown) => {
    // How it ended is known: what is missing is only the reason.
    if (error instanceof CommandError) return { ...job, status: end.status ?? job.status }
    throw error
  })
  process.stderr.write(`headway: ${endText(finished, colorsFor(process.stderr, flags.color))}\n`)
  if (flags.quiet === true && flags.json === true) process.stdout.write(`${JSON.stringify(finished)}\n`)
  return end.exitCode
}

/** The command that shows a job from an event on. */
export function comeBackCommand(id: string, flags: Pick<StayFlags, 'url' | 'keyFile'>, after = 0): string {
  const words = ['headway', 'watch', id]
  if (after > 0) words.push('--after', String(after))
  if (flags.url !== undefined) words.push('--url', flags.url)
  if (flags.keyFile !== undefined) words.push('--key-file', flags.keyFile)
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${cleanLine(word).replaceAll("'", `'\\''`)}'`)).join(' ')
}
