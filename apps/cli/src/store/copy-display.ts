import type { CopyProgress } from '@headway/core'
import { colorsFor } from '../text/colors.js'
import { count } from '../text/count.js'
import { LiveTerminal } from '../watch/live-terminal.js'
import { ProgressBar } from '../watch/progress-bar.js'
import type { CopyFlags } from '../commands/store.js'

/** Where there is no terminal, a line is written so often. */
const LINE_MS = 5000

const NAMES: Readonly<Record<CopyProgress['phase'], string>> = {
  jobs: 'jobs copied',
  'key-values': 'entries copied',
  blobs: 'blobs copied',
  checking: 'jobs compared',
}

/** How far a copy is, on stderr: a bar in a terminal, else a line now and then. */
export class CopyDisplay {
  readonly #bar: ProgressBar
  readonly #terminal: LiveTerminal | undefined
  readonly #quiet: boolean
  #nextLine = performance.now() + LINE_MS

  constructor({ quiet, color }: CopyFlags) {
    const { stderr } = process
    this.#quiet = quiet === true
    this.#bar = new ProgressBar('copy', colorsFor(stderr, color === false ? false : undefined))
    if (!this.#quiet && stderr.isTTY && process.env['TERM'] !== 'dumb') {
      this.#terminal = new LiveTerminal(stderr, (columns) => this.#bar.draw(columns))
    }
  }

  progress({ phase, done, total }: CopyProgress): void {
    const text = `${count(done)}${total === undefined ? '' : ` of ${count(total)}`} ${NAMES[phase]}`
    if (this.#terminal !== undefined) {
      this.#bar.set(percentOf(phase, done, total), text)
      this.#terminal.redraw()
    } else if (!this.#quiet && performance.now() >= this.#nextLine) {
      this.#nextLine = performance.now() + LINE_MS
      process.stderr.write(`headway: ${text}\n`)
    }
  }

  close(): void {
    this.#terminal?.close(false)
  }
}

/** Copying the jobs takes about half of the time, and comparing them the other half. */
function percentOf(phase: CopyProgress['phase'], done: number, total: number | undefined): number {
  if (phase === 'key-values' || phase === 'blobs') return 50
  const share = total === undefined || total === 0 ? 1 : done / total
  return Math.min(99, (phase === 'jobs' ? 0 : 50) + 50 * share)
}
