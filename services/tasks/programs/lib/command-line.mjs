import { parseArgs } from 'node:util'

/** Nothing to complain of; problems were found; the program was called wrongly or what it needs is broken. */
export const EXIT = { fine: 0, problems: 1, broken: 2 }

/** What the user has to know, without a stack: bad arguments, broken input. Ends the program with exit code 2. */
export class Refusal extends Error {}

/**
 * Runs a program: reads its options, prints its help, turns refusals into a line on stderr and exit code 2.
 *
 * @param {{ name: string, summary: string, options: Record<string, { value?: string, default?: string, help: string }>, more?: string }} about
 *   `value` names an option's value; without it the option is a switch
 * @param {(options: Record<string, string | boolean | undefined>) => Promise<number>} main answers with the exit code
 */
export async function runProgram(about, main) {
  try {
    const options = readOptions(about)
    if (options.help) console.log(helpText(about))
    else process.exitCode = await main(options)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.error(`${about.name}: ${error.message}`)
    process.exitCode = EXIT.broken
  }
}

function readOptions({ name, options }) {
  const config = { help: { type: 'boolean', short: 'h' } }
  for (const [option, { value }] of Object.entries(options)) config[option] = { type: value ? 'string' : 'boolean' }
  try {
    const { values } = parseArgs({ options: config, strict: true, allowPositionals: false })
    const defaults = Object.entries(options).map(([option, described]) => [option, described.default])
    return { ...Object.fromEntries(defaults), ...values }
  } catch (error) {
    throw new Refusal(`${error.message.split('\n')[0]} See ${name} --help.`)
  }
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

/** One name of a folder: no path, nothing that looks like an option. */
export function readName(option, text) {
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(text ?? '')) {
    throw new Refusal(
      `--${option} must be a name of letters, digits, dots, hyphens and underscores${text === undefined ? '' : `, not "${text}"`}.`,
    )
  }
  return text
}
