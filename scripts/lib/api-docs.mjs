// The API descriptions, as a server with all services and no settings of its own gives them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../apps/cli/bin/headway.mjs', import.meta.url))
const NAMES = ['openapi.yaml', 'asyncapi.yaml']

/** Where the descriptions say that the server is: its default address. */
const PUBLIC_URL = 'http://127.0.0.1:3000'

/** The folder of the committed descriptions. */
export const API_DOCS = fileURLToPath(new URL('../../docs/api/', import.meta.url))

/**
 * Starts a server in a folder of its own, asks it for its descriptions and stops it. The project must be built.
 *
 * @returns {Promise<Record<string, string>>} the text of each file, by its name
 * @throws {Error} when the server does not start or has no such description
 */
export async function makeApiDocs() {
  const folder = mkdtempSync(join(tmpdir(), 'headway-api-docs-'))
  // Nothing of this machine's settings may show in what is committed.
  const env = {
    PATH: process.env['PATH'],
    PORT: '0',
    HEADWAY_LOG_LEVEL: 'warn',
    HEADWAY_PUBLIC_URL: PUBLIC_URL,
    HEADWAY_DATA: join(folder, 'data'),
  }
  const server = spawn(process.execPath, [MAIN, 'serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  try {
    const url = await addressOf(server.stdout)
    return Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await textOf(`${url}docs/api/${name}`)])))
  } finally {
    server.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

async function addressOf(stdout) {
  for await (const line of createInterface(stdout)) {
    const [, url] = /listens at (\S+)/.exec(line) ?? []
    if (url !== undefined) return url
  }
  throw new Error('The server did not start.')
}

async function textOf(url) {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return answer.text()
}
