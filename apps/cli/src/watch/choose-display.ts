import { colorsFor } from '../text/colors.js'
import type { JobDisplay } from './display.js'
import { JsonDisplay } from './json-display.js'
import { PlainDisplay } from './plain-display.js'
import { QuietDisplay } from './quiet-display.js'
import { TerminalDisplay } from './terminal-display.js'
import type { TerminalDisplayOptions } from './terminal-display.js'

export interface DisplayFlags {
  readonly color?: boolean
  readonly json?: boolean
  readonly raw?: boolean
  readonly time?: boolean
  /** Only the end is of interest. */
  readonly quiet?: boolean
}

/** A display on this process's streams. @param job as it is where the display begins */
export function chooseDisplay(job: TerminalDisplayOptions['job'], flags: DisplayFlags): JobDisplay {
  const { stdout, stderr } = process
  const { raw = false, time = false } = flags
  if (flags.quiet === true) return new QuietDisplay(stderr)
  if (flags.json === true) return new JsonDisplay(stdout, stderr)
  if (stdout.isTTY && process.env['TERM'] !== 'dumb') {
    return new TerminalDisplay({ out: stdout, colors: colorsFor(stdout, flags.color), job, raw, time })
  }
  return new PlainDisplay({ out: stdout, err: stderr, colors: colorsFor(stderr, flags.color), raw })
}
