import { mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { usePostgres } from './postgres-server.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** A socket that answers every connection with a {@link PostgresAnswer}. */
    readonly postgresOfRun: string
  }
}

/** What a connection to the socket gets, as JSON. */
export type PostgresAnswer = { readonly url: string } | { readonly error: string }

/**
 * One PostgreSQL for all processes of a run. The first that asks has it started, so that a run that needs none does not pay for it. It ends with the run, also with
 * a killed one.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'headway-run-'))
  const path = join(folder, 'postgres.sock')
  let postgres: ReturnType<typeof usePostgres> | undefined
  const endpoint = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    postgres ??= usePostgres()
    void answerOf(postgres).then((answer) => socket.end(JSON.stringify(answer)))
  })
  endpoint.listen(path)
  await once(endpoint, 'listening')
  endpoint.unref()
  project.provide('postgresOfRun', path)
  return async () => {
    endpoint.close()
    // One that did not start was said by the tests that asked for it.
    const started = await postgres?.catch(() => undefined)
    await started?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function answerOf(postgres: ReturnType<typeof usePostgres>): Promise<PostgresAnswer> {
  try {
    return { url: (await postgres).url }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
