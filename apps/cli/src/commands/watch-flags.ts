import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import type { ServerFlags } from '../api/server-choice.js'

/** Flags of the commands that can show a job. */
export interface WatchFlags extends ServerFlags {
  readonly json?: boolean
  readonly raw?: boolean
  readonly time?: boolean
  readonly giveUpAfter: string
}

/** Flags of the commands that create a job and may stay with it. */
export interface CreationFlags extends WatchFlags {
  readonly watch?: boolean
  readonly wait?: boolean
  readonly cancelOnExit?: boolean
  readonly idempotencyKey?: string
}

export function addWatchFlags(command: Command): Command {
  return command
    .option('--json', 'Each event as one line of JSON, as the server has it; without watching, the job')
    .option('--raw', "Leave control characters in the job's output as they are")
    .option('--time', 'In a terminal, begin each line with its time')
    .option('--give-up-after <time>', 'How long to try when the connection is lost', '5m')
}

export function addCreationFlags(command: Command): Command {
  return addWatchFlags(
    command
      .option('--idempotency-key <key>', 'However often the command is run with this key, there is one job')
      .option('--watch', 'Show the job until it ends; Ctrl-C leaves it running')
      .option('--wait', 'Wait for its end without showing it')
      .option('--cancel-on-exit', 'While watching or waiting, Ctrl-C cancels the job'),
  )
}

/** For commander: a whole number, 0 or more. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

/** For commander: a flag that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
