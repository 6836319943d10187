import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { parse } from 'yaml'
import { COMMANDS } from '../../apps/cli/src/commands/all.js'
import { SETTINGS } from '../../apps/cli/src/settings/table.js'
import { createTestDatabase } from '../support/postgres.js'
import { folderOfTest, KEY, onceForTests, settingsWithGate, startNode, startServer } from './support/headway.js'
import type { GatedSettings } from './support/headway.js'
import { startNginx } from './support/nginx.js'
import type { Nginx } from './support/nginx.js'
import { ROOT } from './support/program.js'
import type { AtEnd } from './support/program.js'

const HEADERS = { 'X-API-Key': KEY, 'Content-Type': 'application/json' }

interface Behind {
  readonly settings: GatedSettings
  readonly nginx: Nginx
  /** Of the server itself. */
  readonly url: string
  readonly folder: string
}

/** A server with nginx in front of it. */
async function startBehindNginx(
  env: Record<string, string> = {},
  readTimeoutSeconds?: number,
  atEnd: AtEnd = onTestFinished,
): Promise<Behind> {
  const folder = await folderOfTest(atEnd)
  const settings = await settingsWithGate(folder)
  const { url } = await startServer({ ...settings.env, HEADWAY_TRUST_PROXY: '127.0.0.1', ...env }, atEnd)
  const nginx = await startNginx({
    target: url,
    folder: join(folder, 'nginx'),
    atEnd,
    ...(readTimeoutSeconds !== undefined && { readTimeoutSeconds }),
  })
  return { settings, nginx, url, folder }
}

const shared = onceForTests((atEnd) => startBehindNginx({}, undefined, atEnd))

interface Created {
  readonly taskId: string
  readonly streamUrl: string
  readonly statusUrl: string
}

async function create(url: string, headers: Record<string, string> = {}): Promise<Created> {
  const answer = await fetch(`${url}/api/tasks/gated`, { method: 'POST', headers: { ...HEADERS, ...headers }, body: '{"version":"v885"}' })
  expect(answer.status).toBe(202)
  return (await answer.json()) as Created
}

/** What a stream says, until it says `text` (or ends, when nothing is asked for). */
class Stream {
  text = ''
  readonly #reader: ReadableStreamDefaultReader<string>

  constructor(response: Response) {
    this.#reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader()
    onTestFinished(() => this.#reader.cancel().catch(() => undefined))
  }

  /** Up to and with `text`. */
  async until(text: string): Promise<void> {
    while (!this.text.includes(text)) {
      if (!(await this.more())) throw new Error(`The stream ended without ${text}:\n${this.text}`)
    }
  }

  async toItsEnd(): Promise<void> {
    while (await this.more());
  }

  /** @returns false at the end */
  async more(): Promise<boolean> {
    const { done, value } = await this.#reader.read()
    this.text += value ?? ''
    return !done
  }
}

test('a stream comes live through nginx, and goes on after a Last-Event-ID', async () => {
  const { settings, nginx, url } = shared()
  const { streamUrl } = await create(nginx.url)
  const response = await fetch(streamUrl, { headers: HEADERS })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(response.headers.get('cache-control')).toBe('no-cache, no-transform')
  const stream = new Stream(response)
  // The task waits until this has come.
  await stream.until('before the gate')
  expect(stream.text).not.toContain('"type":"end"')
  await settings.open()
  await stream.toItsEnd()
  expect(stream.text).toMatch(/data: \{"type":"end"\}\n\n$/)

  const direct = await fetch(streamUrl.replace(nginx.url, url), { headers: HEADERS })
  const ids = [...stream.text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id)
  expect([...(await direct.text()).matchAll(/^id: (.*)$/gm)].map(([, id]) => id)).toEqual(ids)
  const resumed = await fetch(streamUrl, { headers: { ...HEADERS, 'Last-Event-ID': ids[3] ?? '' } })
  expect([...(await resumed.text()).matchAll(/^id: (.*)$/gm)].map(([, id]) => id)).toEqual(ids.slice(4))
  const over = await fetch(streamUrl, { headers: { ...HEADERS, 'Last-Event-ID': ids.at(-1) ?? '' } })
  expect(over.status).toBe(204)
})

test('the streams of the native API come live, too', async () => {
  const { settings, nginx } = shared()
  const { taskId } = await create(nginx.url)
  const stream = new Stream(await fetch(`${nginx.url}/jobs/${taskId}/events`, { headers: { ...HEADERS, Accept: 'text/event-stream' } }))
  await stream.until('before the gate')
  await settings.open()
  await stream.until('"type":"completed"')
})

test('a WebSocket goes through nginx', async () => {
  const { settings, nginx } = shared()
  const { taskId } = await create(nginx.url)
  const socket = new WebSocket(`${nginx.url.replace('http', 'ws')}/ws`, { headers: { 'X-API-Key': KEY } })
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  let text = ''
  // Several messages may come in one read: a listener that is set anew each time would miss some.
  socket.on('message', (message: Buffer) => (text += message.toString()))
  const says = (word: string): Promise<void> => expect.poll(() => text).toContain(word)
  socket.send(JSON.stringify({ type: 'attach', jobId: taskId, after: 0 }))
  await says('before the gate')
  await settings.open()
  await says('"completed"')
})

test('URLs are those that clients use, and clients are who they are', async () => {
  const { nginx, url, folder } = shared()
  const host = nginx.url.replace('127.0.0.1', 'localhost')
  const created = await create(host)
  expect(created.streamUrl).toBe(`${host}/api/tasks/${created.taskId}/stream`)
  expect(created.statusUrl).toBe(`${host}/api/tasks/${created.taskId}/status`)
  // Whom nginx saw counts, and not what a client says of itself.
  await askFrom('127.0.0.2', nginx.url, 'id-of-this-request', { 'X-Forwarded-For': '203.0.113.9' })
  const log = (): Promise<string> => readFile(join(folder, 'logs', 'combined.log'), 'utf8')
  await expect.poll(log).toMatch(/"requestId":"id-of-this-request".*"ip":"127\.0\.0\.2"/)
  expect(await log()).not.toContain('203.0.113.9')
  expect((await create(url, { 'X-Forwarded-Host': 'jobs.example.com', 'X-Forwarded-Proto': 'https' })).streamUrl).toMatch(
    /^https:\/\/jobs\.example\.com\/api\/tasks\//,
  )
})

test('without HEADWAY_TRUST_PROXY nothing that a proxy says counts', async () => {
  const { nginx, url } = await startBehindNginx({ HEADWAY_TRUST_PROXY: '' })
  const spoofed = await create(url, { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' })
  expect(spoofed.streamUrl).toMatch(new RegExp(`^${url}/`))
  // The Host header that nginx passes on is still the client's.
  expect((await create(nginx.url)).streamUrl).toMatch(new RegExp(`^${nginx.url}/`))
})

test('a ticket opens a stream, and is in no access log', async () => {
  const { settings, nginx } = shared()
  const { taskId } = await create(nginx.url)
  const answer = await fetch(`${nginx.url}/api/tasks/${taskId}/ticket`, { method: 'POST', headers: HEADERS })
  const { streamUrl } = (await answer.json()) as { streamUrl: string }
  expect(streamUrl).toMatch(new RegExp(`^${nginx.url}/api/tasks/${taskId}/stream\\?ticket=`))
  await settings.open()
  await new Stream(await fetch(streamUrl)).until('"type":"end"')
  await expect.poll(nginx.accessLog).toContain(`"GET /api/tasks/${taskId}/stream" 200`)
  expect(await nginx.accessLog()).not.toContain('ticket=')
})

test('heartbeats keep a silent stream open longer than nginx waits for an answer', async () => {
  const { settings, nginx } = await startBehindNginx({ HEADWAY_HEARTBEAT: '1s' }, 3)
  const { streamUrl } = await create(nginx.url)
  const stream = new Stream(await fetch(streamUrl, { headers: HEADERS }))
  await stream.until('before the gate')
  // Heartbeats tell the time: one comes each second at most.
  while ((stream.text.match(/^:/gm)?.length ?? 0) < 5) expect(await stream.more()).toBe(true)
  await settings.open()
  await stream.until('"type":"end"')
})

test('without heartbeats nginx ends a silent stream', async () => {
  const { nginx } = await startBehindNginx({ HEADWAY_HEARTBEAT: '1h' }, 5)
  const { streamUrl } = await create(nginx.url)
  const stream = new Stream(await fetch(streamUrl, { headers: HEADERS }))
  await stream.until('before the gate')
  await stream.toItsEnd().catch(() => undefined)
  expect(stream.text).not.toContain('"type":"end"')
})

test('behind nginx-many.conf any node serves any stream, and a stream goes on at another node when its own stops', async () => {
  const folder = await folderOfTest()
  const { env, open } = await settingsWithGate(folder)
  const { url: database, drop } = await createTestDatabase()
  onTestFinished(drop)
  const nodes = [['serve', '--api-only'], ['serve', '--api-only'], ['work']] as const
  const started = await Promise.all(
    nodes.map((args, index) => {
      const own = { HEADWAY_DATA: join(folder, `data-${index}`), HEADWAY_LOG_DIR: join(folder, `logs-${index}`) }
      return startNode(args, { ...env, ...own, HEADWAY_STORE: database, HEADWAY_STORE_CONNECTIONS: '3', HEADWAY_TRUST_PROXY: '127.0.0.1' })
    }),
  )
  const [a, b] = started
  if (a === undefined || b === undefined) throw new Error('Two nodes were started.')
  const nginx = await startNginx({ target: [a.url, b.url], folder: join(folder, 'nginx') })

  const { taskId, streamUrl } = await create(nginx.url)
  expect(streamUrl).toBe(`${nginx.url}/api/tasks/${taskId}/stream`)
  // nginx gives the second to the node that has none.
  const streams: Stream[] = []
  for (let n = 0; n < 2; n++) {
    const stream = new Stream(await fetch(streamUrl, { headers: HEADERS }))
    await stream.until('before the gate')
    streams.push(stream)
  }
  a.program.process.kill('SIGTERM')
  expect(await a.program.exit).toBe(0)
  const ended = await Promise.race(streams.map(async (stream) => (await stream.toItsEnd(), stream)))
  expect(ended.text).not.toContain('"type":"end"')
  const idsOf = (text: string): (string | undefined)[] => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id)
  // It comes back through nginx, which knows one node now; the other stream was that node's all the time.
  const headers = { ...HEADERS, 'Last-Event-ID': idsOf(ended.text).at(-1) ?? '' }
  const resumed = new Stream(await fetch(streamUrl, { headers }))
  await open()
  await resumed.toItsEnd()
  const other = streams.find((stream) => stream !== ended)
  await other?.toItsEnd()
  expect(other?.text).toMatch(/data: \{"type":"end"\}\n\n$/)
  expect([...idsOf(ended.text), ...idsOf(resumed.text)]).toEqual(idsOf(other?.text ?? ''))
  expect((await create(nginx.url)).statusUrl).toContain(nginx.url)
})

test('nginx-many.conf is nginx.conf with more servers, and what compose.yaml starts fits to it and to the settings', async () => {
  const [one = '', many = '', compose = ''] = await Promise.all(
    ['nginx.conf', 'nginx-many.conf', 'compose.yaml'].map((name) => readFile(join(ROOT, 'deploy', name), 'utf8')),
  )
  const withoutServers = (text: string): string =>
    text.slice(text.indexOf('# A WebSocket handshake')).replace(/^upstream headway \{.*?^\}$/ms, '')
  expect(withoutServers(many)).toBe(withoutServers(one))
  const { services } = parse(compose, { merge: true }) as { readonly services: Readonly<Record<string, ComposeService>> }
  const upstream = [...many.matchAll(/^ +server (\S+):3000 /gm)].map(([, name]) => name)
  expect(Object.keys(services)).toEqual(expect.arrayContaining(upstream))
  expect(services['nginx']?.depends_on).toEqual(Object.fromEntries(upstream.map((name) => [name, { condition: 'service_healthy' }])))
  const known = new Set(Object.values(SETTINGS).map(({ env }) => env))
  for (const { image, environment = {}, stop_grace_period: grace, command } of Object.values(services)) {
    if (image !== 'headway') continue
    expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([])
    // HEADWAY_SHUTDOWN_GRACE, the longest grace of a task type and the last streams.
    expect(Number.parseInt(grace ?? '')).toBeGreaterThan(10 + 30 + 5)
    expect(COMMANDS.flatMap(({ names }) => names)).toContain(command?.[0])
  }
})

interface ComposeService {
  readonly image: string
  readonly environment?: Readonly<Record<string, string>>
  readonly stop_grace_period?: string
  readonly command?: readonly string[]
  readonly depends_on?: unknown
}

/** A request by a client with this address. */
async function askFrom(localAddress: string, url: string, id: string, headers: Record<string, string>): Promise<void> {
  const asked = request(`${url}/api`, { localAddress, headers: { ...HEADERS, ...headers, 'X-Request-Id': id } }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  answer.resume()
  await once(answer, 'end')
}
