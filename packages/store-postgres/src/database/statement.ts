import { createHash } from 'node:crypto'

/** One SQL text, ready to be sent. */
export interface Statement {
  /** Of the prepared statement: a hash of its text, so that no two texts ever share a name, also where several programs share a connection. */
  readonly name: string
  readonly text: string
}

/** What stands for the store's schema in SQL texts. */
const PLACE = /\bheadway\./g

const NAME_LENGTH = 24

/** How many statements are kept as they were made; texts that are put together from parts, such as those of lists, are not without number. */
const MAX_KEPT = 500

/** Makes statements of texts for one schema: `headway.jobs` becomes the table `jobs` of that schema. */
export function statementsOf(schema: string): (text: string) => Statement {
  const place = `${quoteIdentifier(schema)}.`
  const made = new Map<string, Statement>()
  const make = (text: string): Statement => {
    const own = text.replaceAll(PLACE, () => place)
    return { name: `headway_${createHash('sha256').update(own).digest('hex').slice(0, NAME_LENGTH)}`, text: own }
  }
  return (text) => {
    const known = made.get(text)
    if (known !== undefined) return known
    const statement = make(text)
    if (made.size < MAX_KEPT) made.set(text, statement)
    return statement
  }
}

/** A name as SQL takes it, whatever is in it. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
