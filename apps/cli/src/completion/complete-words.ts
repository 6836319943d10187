import { JOB_STATUSES } from '@headway/protocol'
import type { Complete } from '@bomb.sh/tab'
import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'
import { INPUT_TYPES, ON_SOURCE_ERROR } from '../commands/compile.js'
import { cleanLine } from '../text/clean.js'
import { askServer, NOTHING } from './ask-server.js'
import type { Suggestion } from './ask-server.js'
import { SHELLS } from './shells.js'

/** Values that mean nothing to any shell. Others are not offered: they would have to be quoted in three different ways. */
const HARMLESS = /^[\w@%+=:,./-]+$/

/**
 * Prints what may stand in the place of the last word: a value and its description on each line, then a line that begins with a colon.
 *
 * @param program with all commands that are to be completed
 * @param words what stands after `headway`; the last one is the one at the cursor, perhaps empty
 */
export async function completeWords(program: Command, words: readonly string[]): Promise<void> {
  const root = tab(program, { completionCommandName: 'completion' })
  const before = splitFlags(words.slice(0, -1))
  const name = before.find((word) => root.commands.has(word))
  const { types, params, jobs } = name === undefined ? NOTHING : await askServer(name, before)

  const command = root.commands.get(name ?? '')
  const offer = (values: readonly Suggestion[]) => (complete: Complete) => {
    for (const { value, description } of values) if (HARMLESS.test(value)) complete(value, cleanLine(description))
  }
  const places = { type: types, job: jobs, shell: valuesOf(SHELLS) }
  for (const [place, values] of Object.entries(places)) {
    const argument = command?.arguments.get(place)
    if (argument !== undefined) argument.handler = offer(values)
  }
  const flags = {
    param: params,
    type: types,
    status: valuesOf(JOB_STATUSES),
    'input-type': valuesOf(INPUT_TYPES),
    'on-source-error': valuesOf(ON_SOURCE_ERROR),
  }
  for (const [flag, values] of Object.entries(flags)) {
    const option = command?.options.get(flag)
    if (option !== undefined) option.handler = offer(values)
  }
  root.parse([...before, words.at(-1) ?? ''])
}

function valuesOf(values: readonly string[]): Suggestion[] {
  return values.map((value) => ({ value, description: '' }))
}

/** `--flag=value` as two words, for the library counts words. */
function splitFlags(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    const found = /^(--[\w-]+)=(.*)$/.exec(word)
    return found === null ? [word] : [found[1] ?? '', found[2] ?? '']
  })
}
