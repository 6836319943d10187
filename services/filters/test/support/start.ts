import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '@headway/core'
import type { Engine, EngineOptions } from '@headway/core'
import { createFiltersService } from '@headway/filters'
import type { FiltersServiceOptions } from '@headway/filters'
import type { ServerOptions } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { onTestFinished } from 'vitest'
import type { AtEnd } from '../../../../test/e2e/support/program.js'
import { createTestServer, requestOf } from '../../../../test/support/test-server.js'
import type { AskOptions } from '../../../../test/support/test-server.js'
import { StreamClient } from './stream.js'

/** A server with the filters service on a data folder of its own. It ends with the test. */
export interface Running {
  /** Without a slash at the end. */
  readonly url: string
  readonly engine: Engine
  readonly folder: string
  readonly stop: () => Promise<void>
  /** Ends the server alone: its engine goes on until `stop`. */
  readonly closeServer: () => Promise<void>
  readonly ask: (path: string, options?: AskOptions) => Promise<Response>
  /** The answer's JSON, whatever its status. */
  readonly json: (path: string, options?: AskOptions) => Promise<Readonly<Record<string, unknown>>>
  /** Opens a stream: with a body by POST, else by GET. */
  readonly stream: (path: string, options?: AskOptions) => Promise<StreamClient>
}

export interface StartOptions extends Partial<Omit<FiltersServiceOptions, 'folder'>> {
  /** The folder of an earlier server, in place of a fresh one. */
  readonly folder?: string
  readonly server?: Partial<ServerOptions>
  readonly engine?: Partial<EngineOptions>
  /** When it ends: with the test by default. */
  readonly atEnd?: AtEnd
}

/** Sources may be on this machine; nothing is limited by address. */
export async function start({
  folder: given,
  server: serverOptions,
  engine: engineOptions,
  atEnd = onTestFinished,
  ...options
}: StartOptions = {}): Promise<Running> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'headway-filters-')))
  const stores = await openSqliteStores({ folder: join(folder, 'data') })
  const engine = createEngine({ stores, ...engineOptions })
  const service = createFiltersService({
    folder: join(folder, 'filters'),
    allowAddresses: ['127.0.0.0/8'],
    downloads: { retries: 0 },
    rateLimit: { requests: 1_000_000, windowSeconds: 60 },
    ...options,
  })
  const server = createTestServer(engine, service, serverOptions)
  const url = (await server.listen()).url.replace(/\/$/, '')
  await engine.start()
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      server.drain()
      await engine.drain()
      await server.close()
      await engine.close()
      await stores.close()
    })())
  atEnd(async () => {
    await stop()
    await rm(folder, { recursive: true, force: true })
  })
  const ask = (path: string, more: AskOptions = {}): Promise<Response> => fetch(`${url}${path}`, requestOf(more))
  return {
    url,
    engine,
    folder,
    stop,
    closeServer: () => server.close(),
    ask,
    json: async (path, more) => (await (await ask(path, more)).json()) as Record<string, unknown>,
    stream: (path, more = {}) => StreamClient.open(`${url}${path}`, requestOf(more)),
  }
}

/** A configuration of sources by their URLs or names. */
export function configurationOf(name: string, ...sources: readonly string[]): { name: string; sources: { source: string }[] } {
  return { name, sources: sources.map((source) => ({ source })) }
}

/** The rules of an answer without comments. */
export function rulesOf(answer: Readonly<Record<string, unknown>>): string[] {
  return (answer['rules'] as string[]).filter((line) => line !== '' && !line.startsWith('!'))
}
