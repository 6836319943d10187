import { access, constants } from 'node:fs/promises'
import { basename } from 'node:path'
import type { IngestProgress, IngestReport } from '@headway/books/catalog'
import type { IngestFlags } from '../commands/catalog.js'
import { UNREADABLE } from '../books/read-file.js'
import { EXIT } from '../exit-codes.js'
import { shortBytes } from '../text/bytes.js'
import { clean, cleanLine } from '../text/clean.js'
import { colorsFor } from '../text/colors.js'
import { count } from '../text/count.js'
import { fineDuration } from '../text/duration.js'
import { LiveTerminal } from '../watch/live-terminal.js'
import { ProgressBar } from '../watch/progress-bar.js'
import { StopSignals } from '../watch/stop-signals.js'
import { catalogPath } from './catalog-path.js'
import { reportText } from './ingest-text.js'

const NAME_LENGTH = 32

interface Ingesting {
  readonly catalog: string
  readonly flags: IngestFlags
  readonly signal: AbortSignal
}

/** `headway catalog ingest`. A file that fails does not keep the others out. @returns the exit code @throws SettingsError */
export async function runIngest(files: readonly string[], flags: IngestFlags): Promise<number> {
  const catalog = await catalogPath(flags)
  const stop = new StopSignals(EXIT.cancelled)
  let exitCode: number = EXIT.completed
  let unreadable = 0
  try {
    for (const file of files) {
      const trouble = await whyUnreadable(file)
      if (trouble !== undefined) {
        process.stderr.write(`headway: ${cleanLine(file)} can't be read: ${trouble}. (FILE_UNREADABLE)\n`)
        unreadable += 1
        exitCode = EXIT.failed
      } else if (!(await ingestOne(file, { catalog, flags, signal: stop.asked }))) exitCode = EXIT.failed
      if (!stop.asked.aborted) continue
      process.stderr.write('headway: stopped; the same command goes on from here\n')
      return EXIT.cancelled
    }
    return unreadable === files.length ? EXIT.usage : exitCode
  } finally {
    stop.close()
  }
}

/** Undefined: it can be read, for all that is known. */
async function whyUnreadable(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.R_OK)
    return undefined
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return UNREADABLE[code] ?? message
  }
}

/** @returns whether the file is in the catalog as a whole */
async function ingestOne(file: string, { catalog, flags, signal }: Ingesting): Promise<boolean> {
  const { CatalogError, ingest } = await import('@headway/books/catalog')
  const started = performance.now()
  const display = new IngestDisplay(basename(file), flags)
  const steps = ingest({ catalog, file, format: flags.format, signal })
  try {
    let step = await steps.next()
    for (; step.done !== true; step = await steps.next()) display.progress(step.value)
    display.close()
    const lines = reportText(cleanLine(file), step.value satisfies IngestReport, fineDuration(performance.now() - started))
    if (flags.quiet !== true) process.stdout.write(`${lines.map(clean).join('\n')}\n`)
    return true
  } catch (error) {
    display.close()
    if (signal.aborted) return false
    if (!(error instanceof CatalogError)) throw error
    process.stderr.write(`headway: ${cleanLine(error.message)} (${error.code})\n`)
    return false
  }
}

/** A bar in a terminal, else nothing. */
class IngestDisplay {
  readonly #bar: ProgressBar
  readonly #terminal: LiveTerminal | undefined

  constructor(name: string, { quiet, color }: IngestFlags) {
    const { stderr } = process
    this.#bar = new ProgressBar(cleanLine(name).slice(0, NAME_LENGTH), colorsFor(stderr, color))
    if (quiet !== true && stderr.isTTY && process.env['TERM'] !== 'dumb') {
      this.#terminal = new LiveTerminal(stderr, (columns) => this.#bar.draw(columns))
    }
  }

  progress({ phase, bytesRead, bytesTotal, records, added, malformed }: IngestProgress): void {
    const percent = bytesTotal === 0 ? undefined : Math.min(99, (100 * bytesRead) / bytesTotal)
    const bad = malformed === 0 ? '' : `, ${count(malformed)} malformed`
    const what = phase === 'linking' ? 'authors and works are looked up' : `${shortBytes(bytesRead)} of ${shortBytes(bytesTotal)}`
    this.#bar.set(percent, `${count(records)} records, ${count(added)} added${bad}; ${what}`)
    this.#terminal?.redraw()
  }

  close(): void {
    this.#terminal?.close(false)
  }
}
