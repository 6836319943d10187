import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { freePort } from '../../src/demo/free-port.js'
import { Command, run, workFolder } from './command.js'
import type { AtEnd, CommandOptions } from './command.js'

const LISTENS = /listens at (http:\S+)\/\n(?:.*\n)*Try: (.*)\n/

/** Task types whose ends are in a test's hands: where they wait, they wait for a file in the folder. */
export const TASKS = `
types:
  hello:
    description: Say hello
    params:
      type: object
      properties:
        count: { type: integer, minimum: 0, default: 1 }
        loud: { type: boolean, default: false }
        who: { type: string, default: you, description: Who is greeted }
    steps: [{ name: say, run: [sh, -c, 'echo "hello $0"; echo careful >&2', '{who}'] }]
  fails:
    params: { type: object, properties: {} }
    steps: [{ name: fail, run: [sh, -c, 'echo oops; exit 3'] }]
  gate:
    params: { type: object, properties: {} }
    grace: 1s
    onCrash: rerun
    steps:
      - name: wait
        run: [sh, -c, 'echo before; echo "::progress 0.4 waiting"; while [ ! -e open ]; do sleep 0.05; done; echo after; echo "::progress 0.8"']
  colours:
    params: { type: object, properties: {} }
    steps: [{ name: paint, run: [printf, 'a\\033[31mred\\033[0m\\033]0;title\\007b\\tc\\302\\233d\\n'] }]
`

/**
 * One server for the tests of a file, or of a `describe`: for tests that neither end it nor look at all its jobs.
 * To be called while tests are collected; what it gives is for tests and later hooks.
 */
export function serverForTests(files: Readonly<Record<string, string>> = {}): () => TestServer {
  return onceForTests((atEnd) => TestServer.start(files, {}, atEnd))
}

/** A server in a folder of its own, and the command used from that folder. */
export class TestServer {
  readonly folder: string
  readonly port: number
  readonly url: string
  readonly #atEnd: AtEnd
  #command: Command | undefined

  private constructor(folder: string, port: number, atEnd: AtEnd) {
    this.#atEnd = atEnd
    this.folder = folder
    this.port = port
    this.url = `http://127.0.0.1:${port}`
  }

  static async start(
    files: Readonly<Record<string, string>> = {},
    env: Readonly<Record<string, string>> = {},
    atEnd: AtEnd = onTestFinished,
  ): Promise<TestServer> {
    const server = new TestServer(await workFolder({ 'tasks.yaml': TASKS, ...files }, atEnd), await freePort(), atEnd)
    await server.start(env)
    return server
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const args = ['serve', '--port', String(this.port), '--tasks', 'tasks.yaml', '--log-level', 'silent']
    this.#command = new Command(this.folder, args, env, { atEnd: this.#atEnd })
    await this.#command.says(LISTENS)
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    this.#command?.process.kill('SIGKILL')
    await this.#command?.exit
  }

  /** The environment in which the command finds this server by itself. */
  get env(): Readonly<Record<string, string>> {
    return { PORT: String(this.port) }
  }

  /** A command that is under way. */
  begin(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
    return new Command(this.folder, args, { ...this.env, ...env })
  }

  /** A command to its end. */
  run(args: readonly string[], env: Readonly<Record<string, string>> = {}, options: CommandOptions = {}) {
    return run(this.folder, args, { ...this.env, ...env }, options)
  }

  /** Starts a job and gives its id. */
  async create(type: string, input: object = {}): Promise<string> {
    const response = await this.fetch(`/jobs/${type}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    return ((await response.json()) as { job: { id: string } }).job.id
  }

  /** Starts a job, waits for its end, and gives its id. */
  async finish(type: string, input: object = {}): Promise<string> {
    const id = await this.create(type, input)
    await this.log(id)
    return id
  }

  /** Lets the tasks that wait go on, until the test ends. */
  async open(): Promise<void> {
    const path = join(this.folder, 'open')
    onTestFinished(() => rm(path, { force: true }))
    await writeFile(path, '')
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const key = (await readFile(join(this.folder, 'data', 'admin-key'), 'utf8')).trim()
    const headers = new Headers(init.headers)
    headers.set('x-api-key', key)
    return fetch(`${this.url}${path}`, { ...init, headers })
  }

  async job(id: string): Promise<{ status: string; input: unknown; retryOf?: string }> {
    return (await (await this.fetch(`/jobs/${id}`)).json()) as { status: string; input: unknown; retryOf?: string }
  }

  /** Follows the log of a job until `pattern` is in one of its lines of JSON. */
  async sees(id: string, pattern: RegExp): Promise<void> {
    const { body } = await this.fetch(`/jobs/${id}/events`, { headers: { accept: 'application/x-ndjson' } })
    if (body === null) throw new Error('The answer has no body.')
    const decoder = new TextDecoder()
    let rest = ''
    for await (const bytes of body) {
      rest += decoder.decode(bytes, { stream: true })
      if (pattern.test(rest)) return
      rest = rest.slice(rest.lastIndexOf('\n') + 1)
    }
    throw new Error(`The job ended without ${pattern}.`)
  }

  /** The whole log of a job that is over, as lines of JSON. */
  async log(id: string): Promise<string> {
    return (await this.fetch(`/jobs/${id}/events`, { headers: { accept: 'application/x-ndjson' } })).text()
  }
}
