import { readFileSync } from 'node:fs'

/** The version of Headway, from the package of this command. */
export const VERSION = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version
