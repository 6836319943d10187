import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, createProcessHost } from '@headway/core'
import type { Engine, EngineOptions, LogEvent, StoredJob } from '@headway/core'
import type { ServerOptions } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { createTasksService } from '@headway/tasks'
import { onTestFinished } from 'vitest'
import type { AtEnd } from '../../../../test/e2e/support/program.js'
import { createTestServer, requestOf } from '../../../../test/support/test-server.js'
import type { AskOptions } from '../../../../test/support/test-server.js'

/** A server with the tasks service on a data folder of its own. */
export interface Running {
  readonly url: string
  readonly engine: Engine
  /** The folder of the task file; programs start there. */
  readonly folder: string
  readonly file: string
  /** Ends the server; its folder stays until the end of the test. */
  readonly stop: () => Promise<void>
  /** Sends a request, with the key of an admin by default; a path begins after the server's URL. */
  readonly ask: (path: string, more?: AskOptions) => Promise<Response>
  /** Runs a task to its end. */
  readonly run: (type: string, params?: object) => Promise<Finished>
}

export interface Finished {
  readonly job: StoredJob
  readonly events: readonly LogEvent[]
  /** The lines: level and message. */
  readonly lines: readonly string[]
}

export interface StartOptions {
  /** The folder of an earlier server, in place of a fresh one. */
  readonly folder?: string
  /** Called when the file has been loaded, before the server starts. */
  readonly loaded?: (file: string) => void
  /** Tasks are created and not run. */
  readonly idle?: boolean
  readonly environment?: NodeJS.ProcessEnv
  readonly server?: Partial<ServerOptions>
  readonly engine?: Partial<EngineOptions>
  /** When it ends: with the test by default. */
  readonly atEnd?: AtEnd
}

/** @param yaml the task file; a function gets the folder that it will be in */
export async function start(yaml: string | ((folder: string) => string), options: StartOptions = {}): Promise<Running> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'headway-tasks-')))
  const file = join(folder, 'tasks.yaml')
  await writeFile(file, typeof yaml === 'string' ? yaml : yaml(folder))
  const stores = await openSqliteStores({ folder: join(folder, 'data') })
  const engine = createEngine({ stores, processHost: createProcessHost(), ...options.engine })
  const service = await createTasksService({ file, environment: { PATH: process.env['PATH'], ...options.environment } })
  options.loaded?.(file)
  const server = createTestServer(engine, service, options.server)
  const { url } = await server.listen()
  if (options.idle !== true) await engine.start()
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> =>
    (stopped ??= server
      .close()
      .then(() => engine.close())
      .then(() => stores.close()))
  const { atEnd = onTestFinished } = options
  atEnd(async () => {
    await stop()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    url,
    engine,
    folder,
    file,
    stop,
    ask: (path, { key = 'admin', ...more } = {}) => fetch(new URL(path, url), requestOf({ key, ...more })),
    async run(type, params = {}) {
      const { job } = await engine.create(type, params)
      return finished(engine, job.id)
    },
  }
}

/** Waits for a task's end and gives its log. */
export async function finished(engine: Engine, id: string): Promise<Finished> {
  const events: LogEvent[] = []
  for await (const page of engine.follow(id, { after: 0, signal: AbortSignal.timeout(60_000) })) events.push(...page)
  const lines = events
    .filter(({ type }) => type === 'line')
    .map(({ data }) => {
      const { level, message } = data as { level: string; message: string }
      return `${level}: ${message}`
    })
  return { job: await engine.get(id), events, lines }
}

/** Follows a task until something shows in its log. */
export async function seen(engine: Engine, id: string, what: (event: LogEvent) => boolean): Promise<LogEvent> {
  for await (const page of engine.follow(id, { after: 0, signal: AbortSignal.timeout(30_000) })) {
    const found = page.find(what)
    if (found) return found
  }
  throw new Error('The task ended before that.')
}

/** Whether a `line` event has this message. */
export function isLine(message: string): (event: LogEvent) => boolean {
  return ({ type, data }) => type === 'line' && (data as { message: string }).message === message
}

/** A task file with one type "task", whose steps are shell scripts. Braces of the scripts are escaped. */
export function shellTask(scripts: readonly string[], more: object = {}): string {
  const steps = scripts.map((script, index) => ({ name: `step ${index + 1}`, run: ['sh', '-c', script.replaceAll(/[{}]/g, '$&$&')] }))
  return JSON.stringify({ types: { task: { steps, ...more } } })
}

/** Whether a process is in the table and not a zombie. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z'
  } catch {
    return false
  }
}
