import { CommandError } from './command-error.js'
import { EXIT } from './exit-codes.js'
import { isPostgresUrl } from './settings/store-url.js'

/** What a node does of all that there is to do. */
export interface NodeRole {
  /** Whether it serves the API. */
  readonly api: boolean
  /** Whose jobs run here. */
  readonly work: 'all' | 'none' | readonly string[]
}

/** @throws CommandError where no other node can do the rest */
export function checkRole({ api, work }: NodeRole, store: string): void {
  if ((api && work !== 'none') || isPostgresUrl(store)) return
  throw new CommandError(
    'Nodes share out their work through a database that they share: set HEADWAY_STORE=postgres://..., or run "headway serve", which does everything.',
    EXIT.usage,
  )
}

/** The types of `--types a,b`. @throws CommandError */
export function typesOfFlag(text: string | undefined): NodeRole['work'] {
  if (text === undefined) return 'all'
  const types = text
    .split(',')
    .map((type) => type.trim())
    .filter((type) => type !== '')
  if (types.length === 0) throw new CommandError('--types needs the names of job types, with commas between them.', EXIT.usage)
  return types
}
