import { createHash } from 'node:crypto'

/** The channel of one schema's notifications. Channels are of a whole database, and their names are short. */
export function channelOf(schema: string): string {
  return `headway_${createHash('sha256').update(schema).digest('hex').slice(0, 16)}`
}
