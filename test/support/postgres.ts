import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { inject } from 'vitest'
import type { PostgresAnswer } from './postgres-of-run.js'
import { createDatabase } from './postgres-server.mjs'

let url: Promise<string> | undefined

/**
 * The database of this test run: of `DATABASE_URL` where that is set, else of a server that starts with the first call in any file. Its user is the superuser, or
 * whoever `DATABASE_URL` names. All tests share it, so each works in a schema of its own.
 *
 * @throws Error with what the server said, when it did not come up
 */
export function postgresUrl(): Promise<string> {
  return (url ??= ask())
}

/** A database of one's own on that server, for tests that do to a database what others would notice. `drop` ends its connections, too. */
export async function createTestDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  return createDatabase(await postgresUrl())
}

async function ask(): Promise<string> {
  const answer = JSON.parse(await text(connect(inject('postgresOfRun')))) as PostgresAnswer
  if ('error' in answer) throw new Error(answer.error)
  return answer.url
}
