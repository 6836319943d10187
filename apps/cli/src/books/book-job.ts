import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Api } from '../api/api.js'
import { UnreachableError } from '../api/errors.js'
import { getJob } from '../api/find-job.js'
import { CommandError } from '../command-error.js'
import type { BookJobFlags } from '../commands/book-job-flags.js'
import { EXIT } from '../exit-codes.js'
import { cleanLine } from '../text/clean.js'
import { colorsFor } from '../text/colors.js'
import { flagDuration } from '../text/flag-duration.js'
import { chooseDisplay } from '../watch/choose-display.js'
import { endText } from '../watch/end-text.js'
import { StopSignals } from '../watch/stop-signals.js'
import { watchJob } from '../watch/watch-job.js'

const createdSchema = z.object({ data: z.object({ jobId: z.uuid(), token: z.string() }) })

/** A slow connection takes its time for 50 MB, in milliseconds. */
const UPLOAD_TIMEOUT_MS = 15 * 60_000

/** Of an Idempotency-Key without an API key, in characters. */
const MIN_KEY_LENGTH = 16

export interface BookJob {
  /** Below `/v3/jobs`. */
  readonly kind: 'imports' | 'scans'
  /** As the bar names it. */
  readonly name: string
  readonly form: FormData
  /** The words of the command as it was typed, without its flags. */
  readonly words: readonly string[]
  /** Shows what has come of it. @param api may read the job, and its results */
  readonly finish: (api: Api, id: string, signal: AbortSignal) => Promise<void>
}

/**
 * Sends files, shows what becomes of them, and fetches the results.
 *
 * @returns the exit code @throws CommandError
 */
export async function runBookJob(api: Api, { kind, name, form, words, finish }: BookJob, flags: BookJobFlags): Promise<number> {
  checkIdempotencyKey(api, flags.idempotencyKey)
  const giveUpAfterMs = flagDuration('--give-up-after', flags.giveUpAfter)
  const { idempotencyKey = randomUUID() } = flags
  const comeBack = commandLine([...words, ...flagWords({ ...flags, idempotencyKey })])
  const stop = new StopSignals()
  try {
    const { jobId: id, token } = await upload(api, kind, form, idempotencyKey, comeBack)
    // A job belongs to whoever has its token, whether or not there is a key.
    const owner = api.withToken(token)
    process.stderr.write(`headway: job ${id}\n`)
    const display = chooseDisplay({ type: name, status: 'queued', progress: null }, flags)
    const cancelOnExit = flags.cancelOnExit === true
    const end = await watchJob({
      api: owner,
      job: { id },
      after: 0,
      display,
      stop,
      cancelOnExit,
      giveUpAfterMs,
      comeBack: () => comeBack,
    })
    if (end.status === undefined) return end.exitCode
    process.stderr.write(`headway: ${endText(await getJob(owner, id), colorsFor(process.stderr, flags.color))}\n`)
    if (end.status === 'completed') await finish(owner, id, stop.asked)
    return end.exitCode
  } catch (error) {
    if (!stop.asked.aborted || error instanceof CommandError) throw error
    process.stderr.write(`headway: left before the results were here. To come back: ${comeBack}\n`)
    return EXIT.unknown
  } finally {
    stop.close()
  }
}

/** Whoever has no API key proves by it that the job is theirs, so that a server takes no short one. @throws CommandError */
function checkIdempotencyKey(api: Api, key: string | undefined): void {
  if (key === undefined || api.headers['X-API-Key'] !== undefined || key.length >= MIN_KEY_LENGTH) return
  const message = `--idempotency-key has ${key.length} characters; without an API key it needs at least ${MIN_KEY_LENGTH}: use a random one, such as a UUID.`
  throw new CommandError(message, EXIT.usage)
}

async function upload(api: Api, kind: BookJob['kind'], form: FormData, key: string, comeBack: string) {
  try {
    const headers = { 'Idempotency-Key': key }
    const options = { method: 'POST', form, headers, repeatable: true, timeoutMs: UPLOAD_TIMEOUT_MS } as const
    return (await api.request(`v3/jobs/${kind}`, createdSchema, options)).data
  } catch (error) {
    if (!(error instanceof UnreachableError) || !error.mayHaveArrived) throw error
    throw new UnreachableError(`${error.message}\nWhether the job was created is not known; this makes no second one: ${comeBack}`, true)
  }
}

/** Flags with values that the same command needs again. */
const AGAIN = ['idempotencyKey', 'mapping', 'out', 'failedRows', 'annotated', 'url', 'keyFile'] as const

function flagWords(flags: BookJobFlags): string[] {
  return AGAIN.flatMap((name) => {
    const value = flags[name]
    return value === undefined ? [] : [`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value]
  })
}

/** A command as one can type it into a shell. */
function commandLine(words: readonly string[]): string {
  return ['headway', ...words]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${cleanLine(word).replaceAll("'", `'\\''`)}'`))
    .join(' ')
}
