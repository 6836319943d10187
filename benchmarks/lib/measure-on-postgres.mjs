import { countBothSides } from './both-sides.mjs'
import { withChildren } from './child.mjs'
import { STORE_VARIABLE } from './headway-store.mjs'
import { withDatabase } from './postgres.mjs'

/**
 * Runs one program of `servers/` on a new database.
 *
 * @param {string} program
 * @param {(child: object, count: () => Promise<(work: number) => Promise<object>>, database: object) => Promise<object>} use `count` begins to count both sides
 */
export function onPostgres(program, use) {
  return withDatabase((database) =>
    withChildren(
      [program],
      (child) => use(child, async () => countBothSides(child, 'postgres', await database.count()), database),
      // Peers take the same variable.
      { [STORE_VARIABLE]: database.url },
    ),
  )
}
