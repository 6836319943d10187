import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import { duration } from '../settings/parse.js'

const DAY_MS = 86_400_000
const schema = duration({ minMs: 0, maxMs: 7 * DAY_MS })

/** The time that a flag gives, in milliseconds. @throws CommandError that names the flag */
export function flagDuration(flag: string, text: string): number {
  const parsed = schema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new CommandError(`${flag} is "${text}"; it must be ${parsed.error.issues[0]?.message ?? 'a time'}.`, EXIT.usage)
}
