import { parseArgs } from 'node:util'

/** Nothing to complain of; problems were found or it did not come off; the program was called wrongly or what it needs is broken. */
export const EXIT = { fine: 0, problems: 1, broken: 2 }

/** Exit codes of programs that were stopped, as shells give them; SIGPIPE: nobody reads what is printed any more. */
const STOPPED = { SIGINT: 130, SIGTERM: 143, SIGPIPE: 141 }

/** What the user has to know, without a stack: bad arguments, broken input. Ends the program with exit code 2. */
export class Refusal extends Error {}

/** What the user has to know, without a stack: it did not come off, and another run may put it right. Ends the program with exit code 1. */
export class Failure extends Error {}

/**
 * Runs a program: reads its options, prints its help, turns refusals and failures into a line on stderr and their exit code.
 *
 * @param {{ name: string, summary: string, more?: string, tidies?: boolean,
 *   options: Record<string, { value?: string, default?: string, help: string }> }} about `value` names an option's value; without it the option
 *   is a switch, which `=false` turns off; `tidies`: it ends by itself when the signal fires, and leaves nothing behind
 * @param {(options: Record<string, string | boolean | undefined>, signal: AbortSignal) => Promise<number>} main answers with the exit code
 */
export async function runProgram(about, main) {
  const stop = new AbortController()
  let stoppedBy
  const end = (name) => {
    stoppedBy ??= name
    stop.abort(new Failure(`Stopped by ${name}.`))
  }
  if (about.tidies) for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => end(name))
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      // Node has no SIGPIPE: each write fails.
      if (!about.tidies) process.exit(error.code === 'EPIPE' ? STOPPED.SIGPIPE : EXIT.problems)
      if (error.code === 'EPIPE') end('SIGPIPE')
      else stop.abort(new Failure(`What it prints can't be written: ${error.message}`))
    })
  }
  try {
    const options = readOptions(about)
    if (options.help) console.log(helpText(about))
    else process.exitCode = await main(options, stop.signal)
  } catch (error) {
    const system = error.syscall !== undefined
    if (stoppedBy === undefined && !system && !(error instanceof Refusal) && !(error instanceof Failure)) throw error
    if (stoppedBy !== 'SIGPIPE')
      console.error(`${about.name}: ${stoppedBy === undefined || error instanceof Failure ? error.message : stop.signal.reason.message}`)
    if (stoppedBy === undefined) process.exitCode = error instanceof Refusal ? EXIT.broken : EXIT.problems
    else process.exitCode = STOPPED[stoppedBy]
  }
}

function readOptions({ name, options }) {
  const config = { help: { type: 'boolean', short: 'h' } }
  for (const [option, { value }] of Object.entries(options)) config[option] = { type: value ? 'string' : 'boolean' }
  const args = process.argv.slice(2).flatMap((arg) => plainSwitch(arg, config))
  try {
    const { values } = parseArgs({ args, options: config, strict: true, allowPositionals: false })
    const defaults = Object.entries(options).map(([option, described]) => [option, described.default])
    return { ...Object.fromEntries(defaults), ...values }
  } catch (error) {
    throw new Refusal(`${error.message.replaceAll('\n', ' ')} See ${name} --help.`)
  }
}

/** `--dry-run=true` is `--dry-run`, with `=false` it is nothing: so a task file can hand on a parameter. */
function plainSwitch(arg, config) {
  const [, option, value] = /^--([\w-]+)=(true|false)$/.exec(arg) ?? []
  if (option === undefined || config[option]?.type !== 'boolean') return [arg]
  return value === 'true' ? [`--${option}`] : []
}

function helpText({ name, summary, options, more }) {
  const rows = Object.entries({ ...options, help: { help: 'Show this help' } }).map(([option, { value, default: preset, help }]) => [
    `  --${option}${value ? ` ${value}` : ''}`,
    `${help}${preset === undefined ? '' : ` (${preset})`}`,
  ])
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  const list = rows.map(([left, right]) => left.padEnd(width) + right).join('\n')
  return `Usage: ${name} [options]\n\n${summary}\n\nOptions:\n${list}${more ? `\n\n${more}` : ''}`
}

/** A number of an option, with k, M or G for powers of 1024. */
export function readSize(option, text) {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text) ?? []
  const size = Number(amount) * { '': 1, k: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[unit ?? '']
  if (!Number.isSafeInteger(Math.round(size)) || size <= 0)
    throw new Refusal(`--${option} must be a number such as 500, 20k, 10M or 2G, not "${text}".`)
  return Math.round(size)
}

/** A whole number of an option, from 0. */
export function readCount(option, text, most) {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : NaN
  if (!(count <= most)) throw new Refusal(`--${option} must be a whole number from 0 to ${most}, not "${text}".`)
  return count
}

/** A duration of an option, in milliseconds. */
export function readDuration(option, text) {
  const [, amount, unit] = /^(\d{1,7})(s|m|h)$/.exec(text) ?? []
  if (amount === undefined) throw new Refusal(`--${option} must be a duration such as 30s, 10m or 1h, not "${text}".`)
  return Number(amount) * { s: 1000, m: 60_000, h: 3_600_000 }[unit]
}

/** One name of a folder: no path, nothing that looks like an option. */
export function readName(option, text) {
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(text ?? '')) {
    throw new Refusal(
      `--${option} must be a name of letters, digits, dots, hyphens and underscores${text === undefined ? '' : `, not "${text}"`}.`,
    )
  }
  return text
}

/** One of some words. */
export function readChoice(option, text, choices) {
  if (!choices.includes(text)) throw new Refusal(`--${option} must be one of ${choices.join(', ')}, not "${text}".`)
  return text
}
