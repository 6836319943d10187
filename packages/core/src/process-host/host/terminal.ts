import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Outlets } from './outlets.js'
import { StartRefused } from './start-refused.js'
import { TerminalOutput } from './terminal-output.js'

const require = createRequire(import.meta.url)

/** The size of every terminal, in characters. */
const TERMINAL_SIZE = { columns: 120, rows: 40 } as const

/** Ctrl-D: the end of what is typed, for one read. */
const END_OF_INPUT = '\u0004'

/** Nobody types: so many reads of a program find the end of the input at once. */
const INPUT_ENDS = 64

interface NativeTerminals {
  /** @returns file descriptors of both sides, neither closed in programs that are started, and the path of the program's side */
  open(columns: number, rows: number): { readonly master: number; readonly slave: number; readonly pty: string }
}

/** Our sides of the terminals that are open. The native module can't mark them as not for programs. */
const ourSides = new Set<number>()
let nothing: number | undefined

/** What a program in a terminal finds in its environment, unless the task sets it. */
export const TERMINAL_ENVIRONMENT = {
  TERM: 'xterm-256color',
  COLUMNS: String(TERMINAL_SIZE.columns),
  LINES: String(TERMINAL_SIZE.rows),
} as const

/**
 * Opens a pseudo-terminal for a program. It is no controlling terminal: nothing is typed, so there are no keys that send signals.
 *
 * @param load gives the native functions
 * @throws StartRefused where there are no pseudo-terminals
 */
export function terminalOutlets(load: () => unknown = loadNative): Outlets {
  const { master, slave, output } = open(load)
  ourSides.add(master)
  output.once('close', () => ourSides.delete(master))
  return {
    stdio: [slave, slave, slave],
    takenBy: () => [output],
    left: () => output.finish(),
    drop: () => void output.destroy(),
  }
}

/** Keeps our sides of all terminals from a program: they become `/dev/null` to it. */
export function withoutTerminals(stdio: Outlets['stdio']): (number | 'ignore' | 'pipe')[] {
  const all = [...stdio]
  for (const fd of ourSides) {
    while (all.length < fd) all.push('ignore')
    all[fd] = nothing ??= openSync('/dev/null', constants.O_RDWR)
  }
  return all
}

interface OpenTerminal {
  readonly master: number
  readonly slave: number
  readonly output: TerminalOutput
}

function open(load: () => unknown): OpenTerminal {
  const advice = 'install with optional dependencies (npm install --include=optional), or set "pty: false"'
  const native = refusing(advice, load) as NativeTerminals
  return refusing('the system may have no more', () => {
    const { master, slave: shared, pty } = native.open(TERMINAL_SIZE.columns, TERMINAL_SIZE.rows)
    let slave: number | undefined
    try {
      // The side that came with it does not block, which programs do not expect, and all would inherit it: theirs is opened anew.
      try {
        slave = openSync(pty, constants.O_RDWR | constants.O_NOCTTY)
      } finally {
        closeSync(shared)
      }
      writeSync(master, END_OF_INPUT.repeat(INPUT_ENDS))
      return { master, slave, output: new TerminalOutput(master, slave) }
    } catch (error) {
      for (const fd of [master, slave]) if (fd !== undefined) closeSync(fd)
      throw error
    }
  })
}

/** @throws StartRefused for what `act` throws */
function refusing<T>(advice: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const [why] = (error as Error).message.split('\n')
    throw new StartRefused({ code: 'ENOTSUP', message: `No pseudo-terminal could be opened; ${advice}. ${why}` })
  }
}

/** The package's own terminals end their reading 200 ms after the program's end, whatever is still to be read: only its native functions are used. */
function loadNative(): unknown {
  const { requireBinary } = require('@lydell/node-pty/requireBinary.js') as { requireBinary: (file: string) => unknown }
  return requireBinary('pty.node')
}
