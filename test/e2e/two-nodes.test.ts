import { transportClients } from '@headway/conformance'
import type { Received } from '@headway/conformance'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile as read, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { onceForTests } from '../support/for-tests.js'
import { postgresUrl } from '../support/postgres.js'
import { startTcpProxy } from '../support/tcp-proxy.mjs'
import { Command, workFolder } from '../../apps/cli/test/support/command.js'
import type { AtEnd } from '../../apps/cli/test/support/command.js'

/** Requests of one address in a minute, over all nodes. */
const RATE_LIMIT = 150
const LEASE = '3s'

const TASKS = `
types:
  lines:
    params: { type: object, properties: {} }
    steps: [{ name: print, run: [sh, -c, 'for n in 1 2 3 4 5; do echo "line $n"; done; while [ ! -e open ]; do sleep 0.05; done; echo last'] }]
  sleeps:
    params: { type: object, properties: {} }
    grace: 1s
    steps: [{ name: sleep, run: [sh, -c, 'sleep 600 & echo "pid $$"; wait'] }]
  recovers:
    params: { type: object, properties: {} }
    onCrash: rerun
    steps: [{ name: run, run: [sh, -c, 'if [ -e was-here ]; then echo again; else touch was-here; echo "pid $$"; sleep 600; fi'] }]
`

interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One node: a process with a data folder of its own. */
interface Node {
  readonly url: string
  readonly key: string
  readonly command: Command
  ask(path: string, init?: Ask): Promise<Response>
}

/** A folder with the task file and the nodes' data, and a schema of the database. */
class Cluster {
  readonly folder: string
  readonly #env: Record<string, string>
  readonly #atEnd: AtEnd
  #count = 0

  private constructor(folder: string, env: Record<string, string>, atEnd: AtEnd) {
    this.folder = folder
    this.#env = env
    this.#atEnd = atEnd
  }

  static async open(atEnd: AtEnd): Promise<Cluster> {
    const url = await postgresUrl()
    const schema = `nodes_${randomBytes(6).toString('hex')}`
    atEnd(async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query(`drop schema if exists ${schema} cascade`)
      await client.end()
    })
    const env = {
      PORT: '0',
      HEADWAY_TASKS: 'tasks.yaml',
      HEADWAY_STORE: url,
      HEADWAY_STORE_SCHEMA: schema,
      HEADWAY_STORE_CONNECTIONS: '4',
      HEADWAY_LEASE: LEASE,
      HEADWAY_RATE_LIMIT: String(RATE_LIMIT),
      HEADWAY_TRUST_PROXY: 'loopback',
    }
    return new Cluster(await workFolder({ 'tasks.yaml': TASKS }, atEnd), env, atEnd)
  }

  async start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Node> {
    const data = join(this.folder, `node-${++this.#count}`)
    const command = new Command(this.folder, args, { ...this.#env, HEADWAY_DATA: data, ...env }, { atEnd: this.#atEnd })
    const [, url = ''] = await command.says(/listens at (http:\S+)\/\n(?:.*\n)*Try: /)
    const key = (await read(join(data, 'admin-key'), 'utf8')).trim()
    return {
      url,
      key,
      command,
      ask: (path, init = {}) => fetch(`${url}${path}`, { ...init, headers: { 'X-API-Key': key, ...init.headers } }),
    }
  }
}

/** A serves the API, C too, B runs the jobs. */
const nodes = onceForTests(async (atEnd) => {
  const cluster = await Cluster.open(atEnd)
  // The first brings the schema up to date while the others wait for it.
  const [a, b, c] = await Promise.all([
    cluster.start(['serve', '--api-only']),
    cluster.start(['work']),
    cluster.start(['serve', '--api-only']),
  ])
  return { cluster, a, b, c }
})

interface Created {
  readonly id: string
  readonly token: string
}

async function create(node: Node, type: string): Promise<Created> {
  const answer = await node.ask(`/jobs/${type}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })
  expect(answer.status).toBe(201)
  const { job, token } = (await answer.json()) as { job: { id: string }; token: string }
  return { id: job.id, token }
}

async function statusOf(node: Node, id: string): Promise<string> {
  return ((await (await node.ask(`/jobs/${id}`)).json()) as { status: string }).status
}

/** Follows until an event fits, or to the end. */
async function follow(watch: AsyncIterable<Received>, fits: (line: string) => boolean = () => false): Promise<string[]> {
  const lines: string[] = []
  for await (const received of watch) {
    const line = received.kind === 'event' ? received.line : JSON.stringify(received.reset)
    lines.push(line)
    if (fits(line)) break
  }
  return lines
}

const pidOf = (lines: readonly string[]): number => Number(/pid (\d+)/.exec(lines.join('\n'))?.[1])

/** Whether a member of the group lives. A zombie, which a lazy init may leave for long, does not. */
function groupLives(group: number): boolean {
  return readdirSync('/proc').some((pid) => {
    const path = `/proc/${pid}/stat`
    if (!/^\d+$/.test(pid) || !existsSync(path)) return false
    try {
      const [state, , of] = readFileSync(path, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      return Number(of) === group && state !== 'Z' && state !== 'X'
    } catch {
      return false
    }
  })
}

test('nodes say what they do, and all have the same key', async () => {
  const { a, b, c } = nodes()
  expect(a.command.stdout).toContain('This node serves the API; jobs run at other nodes')
  expect(b.command.stdout).toContain('This node runs jobs of all types; it answers only /health and /metrics')
  expect(new Set([a.key, b.key, c.key]).size).toBe(1)
  expect(a.command.stdout).toMatch(/^Store: postgres(?:ql)?:\/\//m)
  const password = new URL(await postgresUrl()).password
  if (password !== '') for (const { command } of [a, b, c]) expect(command.stdout + command.stderr).not.toContain(password)
  const health = (await (await b.ask('/health/ready')).json()) as { store: object }
  expect(health.store).toMatchObject({
    kind: 'postgres',
    ok: true,
    notifications: 'listening',
    durability: expect.stringMatching(/disk|standby/),
  })
  expect(await (await b.ask('/metrics')).text()).toContain('headway_jobs_running')
  expect((await b.ask('/jobs')).status).toBe(404)
})

test('a job made at one node runs at another and is watched at a third, with the token of the first, from any cursor, over every transport', async () => {
  const { cluster, a, c } = nodes()
  const { id, token } = await create(a, 'lines')
  const target = { baseUrl: c.url, token, jobId: id }
  const live = Object.values(transportClients).map((client) => follow(client({ ...target, after: 0 })))
  const before = await follow(transportClients.sse({ ...target, after: 0 }), (line) => line.includes('line 5'))
  const late = Object.values(transportClients).map((client) => follow(client({ ...target, after: 2 })))
  await writeFile(join(cluster.folder, 'open'), '')
  const whole = await follow(transportClients.sse({ ...target, baseUrl: a.url, after: 0 }))
  expect(whole.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(whole.map((_, index) => index + 1))
  expect(whole.slice(0, before.length)).toEqual(before)
  expect(whole.at(-1)).toContain('"type":"completed"')
  for (const watched of await Promise.all(live)) expect(watched).toEqual(whole)
  for (const watched of await Promise.all(late)) expect(watched).toEqual(whole.slice(2))
})

test('a cancel at one node ends what runs at another, with all that it started', async () => {
  const { a, c } = nodes()
  const { id, token } = await create(a, 'sleeps')
  const pid = pidOf(await follow(transportClients.sse({ baseUrl: c.url, token, jobId: id, after: 0 }), (line) => /pid \d+/.test(line)))
  expect(groupLives(pid)).toBe(true)
  expect((await c.ask(`/jobs/${id}/cancel`, { method: 'POST' })).status).toBeLessThan(300)
  const rest = await follow(transportClients.ndjson({ baseUrl: a.url, token, jobId: id, after: 0 }))
  expect(rest.at(-1)).toContain('"type":"cancelled"')
  expect(groupLives(pid)).toBe(false)
})

test('a limit counts what is asked of all nodes', async () => {
  const { a, c } = nodes()
  const statuses: number[] = []
  const from = { 'X-Forwarded-For': '203.0.113.7' }
  // So many at a time from each: they are counted together.
  while (statuses.length < RATE_LIMIT + 30) {
    const round = [a, c, a, c, a, c, a, c, a, c].map(async (node) => {
      const answer = await node.ask('/jobs?limit=1', { headers: from })
      await answer.arrayBuffer()
      return answer.status
    })
    statuses.push(...(await Promise.all(round)))
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(RATE_LIMIT)
  expect(new Set(statuses)).toEqual(new Set([200, 429]))
})

test('a job whose worker is killed goes on at another, and what the first had started is gone', async () => {
  const { cluster, a, b, c } = nodes()
  const { id, token } = await create(c, 'recovers')
  const pid = pidOf(await follow(transportClients.sse({ baseUrl: a.url, token, jobId: id, after: 0 }), (line) => /pid \d+/.test(line)))
  b.command.process.kill('SIGKILL')
  await b.command.exit
  await cluster.start(['work', '--types', 'recovers'])
  const log = await follow(transportClients.websocket({ baseUrl: c.url, token, jobId: id, after: 0 }))
  const types = log.map((line) => (JSON.parse(line) as { type: string }).type)
  expect(types.filter((type) => type === 'claimed' || type === 'recovered' || type === 'completed')).toEqual([
    'claimed',
    'recovered',
    'claimed',
    'completed',
  ])
  expect(groupLives(pid)).toBe(false)
  // Nobody is left who runs jobs of this type.
  const waiting = await create(a, 'lines')
  expect(await statusOf(c, waiting.id)).toBe('queued')
})

test('while its database is away a node says so, refuses for a while, and goes on when it is back', async () => {
  const { cluster } = nodes()
  const url = new URL(await postgresUrl())
  const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) })
  try {
    // Already when it starts.
    proxy.refuse()
    const starting = cluster.start(['serve', '--api-only'], { HEADWAY_STORE: proxy.urlOf(url.href) })
    // More often than one wait for a connection tries.
    await expect.poll(() => proxy.refusals).toBeGreaterThan(15)
    proxy.restore()
    const node = await starting
    expect((await node.ask('/health/ready')).status).toBe(200)
    proxy.refuse()
    await expect.poll(async () => (await node.ask('/health/ready')).status).toBe(503)
    expect(await (await node.ask('/health/ready')).json()).toMatchObject({
      status: 'unavailable',
      ready: false,
      store: { ok: false, message: expect.stringMatching(/./) },
    })
    expect((await node.ask('/health/live')).status).toBe(200)
    const refused = await node.ask('/jobs/lines', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })
    expect(refused.status).toBe(503)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await node.command.complains(/the engine had trouble/)
    proxy.restore()
    await expect.poll(async () => (await node.ask('/health/ready')).status).toBe(200)
    await create(node, 'lines')
    await node.command.complains(/the store is well again/)
    expect(node.command.stderr.split('\n').filter((line) => line.includes('the engine had trouble')).length).toBeLessThan(5)
  } finally {
    await proxy.close()
  }
})

test('a schema that is brought up to date ahead, a type that there is not, and nodes without a store to share', async () => {
  const { cluster } = nodes()
  const url = await postgresUrl()
  const schema = `ahead_${randomBytes(6).toString('hex')}`
  const env = { HEADWAY_STORE: url, HEADWAY_STORE_SCHEMA: schema, HEADWAY_STORE_MIGRATE: 'never', PORT: '0', HEADWAY_TASKS: 'tasks.yaml' }
  const home = join(cluster.folder, 'ahead')
  await mkdir(home)
  const run = async (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Command & { code: number | null }> => {
    const command = new Command(cluster.folder, args, { ...env, HEADWAY_DATA: home, ...more })
    return Object.assign(command, { code: await command.exit })
  }
  const early = await run(['serve'])
  expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('Run "headway migrate" first')])
  const done = await run(['migrate'])
  expect([done.code, done.stderr]).toEqual([0, ''])
  expect(done.stdout).toMatch(/was brought to version \d+/)
  const [again, wrong, alone] = await Promise.all([
    run(['migrate']),
    run(['work', '--types', 'lines,nothing']),
    run(['work'], { HEADWAY_STORE: '' }),
  ])
  expect(again.stdout).toContain('is up to date')
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/There is no job type nothing\. There are: .*lines/)])
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('HEADWAY_STORE=postgres://')])
  expect(existsSync(join(home, 'headway.db'))).toBe(false)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`drop schema ${schema} cascade`)
  await client.end()
})
