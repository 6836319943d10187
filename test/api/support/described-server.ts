import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBooksService } from '@headway/books'
import type { BooksServiceOptions } from '@headway/books'
import { createEngine, createProcessHost } from '@headway/core'
import type { Engine } from '@headway/core'
import { createFiltersService } from '@headway/filters'
import { createServer } from '@headway/server'
import type { Server, Service } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { createTasksService } from '@headway/tasks'
import { expect, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { schemaChecker } from './check-schema.js'
import { operationsOf, resolved } from './documents.js'
import type { AsyncApi, OpenApi } from './documents.js'
import { nativeJobs } from './native-jobs.js'
import { jsonLines, streamMessages } from './stream-text.js'
import type { StreamMessage } from './stream-text.js'

export const KEY = 'a-key-for-the-tests-of-descriptions'

/** What the webhook of the books service wants to be shown. */
export const WEBHOOK_SECRET = 'a-secret-for-the-webhook'

const LEASE_MS = 60_000

/** Task types whose streams, together, have every message. */
const TASKS = JSON.stringify({
  types: {
    print: {
      params: { type: 'object', required: ['version'], properties: { version: { type: 'string' } } },
      steps: [{ name: 'print', run: ['sh', '-c', 'echo one; echo two >&2; echo "::progress 0.5 half"; sleep 0.4'] }],
    },
    fail: { steps: [{ name: 'fail', run: ['sh', '-c', 'exit 3'] }] },
    wait: { grace: '1s', onCrash: 'rerun', steps: [{ name: 'wait', run: ['sh', '-c', 'echo waiting; exec sleep 1000'] }] },
  },
})

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Read as JSON where it is JSON; the messages of a stream. */
  readonly body: unknown
}

export interface AskOptions {
  readonly method?: string
  readonly json?: unknown
  readonly form?: FormData
  /** null: none. */
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

/** A server whose every answer is checked against its own description. */
export interface DescribedServer {
  readonly url: string
  readonly engine: Engine
  readonly server: Server
  readonly openApi: OpenApi
  readonly asyncApi: AsyncApi
  /** The paths of its sockets. */
  readonly socketPaths: readonly string[]
  /** Lets every lease run out. */
  loseLeases(): void
  /** Sends a request, reads the whole answer and checks that it is described. */
  ask(path: string, options?: AskOptions): Promise<Answer>
  /** The messages of a whole stream, each checked. */
  stream(path: string, headers?: Readonly<Record<string, string>>): Promise<readonly StreamMessage[]>
}

/** @param books options of the books service; by default it has the catalog that ships and asks nobody */
export async function startDescribedServer(books: Partial<BooksServiceOptions> = {}): Promise<DescribedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-api-'))
  const timeOffset = new Float64Array(new SharedArrayBuffer(8))
  const stores = await openSqliteStores({ folder: join(folder, 'data'), timeOffset })
  const engine = createEngine({
    stores,
    jobTypes: nativeJobs(),
    processHost: createProcessHost(),
    leaseMs: LEASE_MS,
    sweepMs: 50,
    shutdownGraceMs: 200,
  })
  await writeFile(join(folder, 'tasks.yaml'), TASKS)
  const socketPaths: string[] = ['/ws']
  const tasks = await createTasksService({ file: join(folder, 'tasks.yaml') })
  const filters = createFiltersService({ folder: join(folder, 'filters'), allowAddresses: ['127.0.0.1'], downloads: { retries: 0 } })
  const library = createBooksService({ catalogPath: join(folder, 'catalog.sqlite'), webhookSecret: WEBHOOK_SECRET, ...books })
  const services = [tasks, filters, library].map((service) => notingSockets(service, socketPaths))
  const server = createServer({
    engine,
    services,
    version: '0.0.0-test',
    port: 0,
    apiKeys: [{ name: 'test', key: KEY, roles: ['admin'] }],
    limits: { api: false, compile: false, 'books-create': false, 'books-status': false, 'books-search': false, 'books-semantic': false },
    closeGraceMs: 1_000,
    delivery: { heartbeatMs: 200, tickMs: 50 },
  })
  await engine.start()
  const address = await server.listen()
  onTestFinished(async () => {
    await server.close()
    await engine.close()
    await stores.close()
    await rm(folder, { recursive: true, force: true })
  })
  const url = address.url.replace(/\/$/, '')
  const openApi = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi
  const asyncApi = parse(await (await fetch(`${url}/docs/api/asyncapi.yaml`)).text()) as AsyncApi
  const checkAnswer = answerChecker(openApi)
  const ask = async (path: string, { method, json, form, key = KEY, headers }: AskOptions = {}): Promise<Answer> => {
    const used = method ?? (json === undefined && form === undefined ? 'GET' : 'POST')
    const response = await fetch(new URL(path, url), {
      method: used,
      headers: { ...(key !== null && { 'X-API-Key': key }), ...(json !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(form !== undefined && { body: form }),
      ...(json !== undefined && { body: typeof json === 'string' ? json : JSON.stringify(json) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: checkAnswer(used, new URL(path, url).pathname, response, text),
    }
  }
  return {
    url,
    engine,
    server,
    openApi,
    asyncApi,
    socketPaths,
    loseLeases() {
      timeOffset[0] = (timeOffset[0] ?? 0) + LEASE_MS + 1_000
    },
    ask,
    async stream(path, headers) {
      const answer = await ask(path, { headers: { Accept: 'text/event-stream', ...headers } })
      expect(answer.status).toBe(200)
      return answer.body as readonly StreamMessage[]
    },
  }
}

/** Waits for an event of a job. */
export async function untilEvent({ engine }: DescribedServer, id: string, type: string): Promise<void> {
  for await (const page of engine.follow(id, { after: 0, signal: AbortSignal.timeout(30_000) })) {
    if (page.some((event) => event.type === type)) return
  }
  throw new Error(`The job ended without ${type}.`)
}

/** Sees which sockets a service has. */
function notingSockets(service: Service, paths: string[]): Service {
  const { sockets } = service
  if (sockets === undefined) return service
  return {
    ...service,
    sockets(kit) {
      const protocols = sockets.call(service, kit)
      paths.push(...protocols.map(({ path }) => path))
      return protocols
    },
  }
}

/** Reads an answer's body and checks it, and its status and type, against the description of its operation. */
function answerChecker(openApi: OpenApi): (method: string, path: string, response: Response, text: string) => unknown {
  const check = schemaChecker(openApi)
  const routes = operationsOf(openApi)
    .map((route) => ({ ...route, pattern: new RegExp(`^${route.path.replaceAll(/[.]/g, '\\.').replaceAll(/\{.+?\}/g, '[^/]+')}$`) }))
    // A path without parameters is meant before one with them.
    .toSorted((a, b) => a.path.split('{').length - b.path.split('{').length)
  return (method, path, response, text) => {
    const where = `${method} ${path}: ${response.status}`
    const route = routes.find((candidate) => candidate.method === method.toLowerCase() && candidate.pattern.test(path))
    if (route === undefined) throw new Error(`${where}: no operation is described for this.`)
    const described = route.operation.responses[String(response.status)]
    if (described === undefined) throw new Error(`${where} is not described: ${text.slice(0, 300)}`)
    const { content } = resolved(openApi, described)
    const type = response.headers.get('content-type')?.split(';')[0] ?? ''
    if (content === undefined) {
      expect(text, where).toBe('')
      return undefined
    }
    const media = content[type]
    if (media === undefined) throw new Error(`${where}: ${type} is not described.`)
    const values = valuesOf(type, text)
    for (const value of values) expect(check(media.schema, value), `${where} ${JSON.stringify(value).slice(0, 600)}`).toEqual([])
    return type === 'text/event-stream' || type === 'application/x-ndjson' ? values : values[0]
  }
}

function valuesOf(type: string, text: string): unknown[] {
  if (type === 'text/event-stream') return streamMessages(text)
  if (type === 'application/x-ndjson') return jsonLines(text)
  return [type.endsWith('json') ? (JSON.parse(text) as unknown) : text]
}
