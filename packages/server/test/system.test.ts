import { Writable } from 'node:stream'
import { createLogger } from '@headway/server'
import type { Service } from '@headway/server'
import { HeadwayError } from '@headway/core'
import type { Stores } from '@headway/core'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { createdJob, finishedJob, problemOf, untilStatus } from './support/answers.js'
import { ADMIN_KEY, RUN_KEY, startNode, startServer } from './support/start.js'
import type { TestServer, TestServerOptions } from './support/start.js'

let server: TestServer | undefined
async function start(options: TestServerOptions = {}): Promise<TestServer> {
  server = await startServer(options)
  return server
}
afterEach(async () => {
  await server?.stop()
  server = undefined
})

describe('health', () => {
  it('tells version, uptime and the state of the store', async () => {
    const { url } = await start()
    for (const path of ['/health', '/health/ready']) {
      expect(await (await fetch(`${url}${path}`)).json()).toMatchObject({
        status: 'ok',
        ready: true,
        version: '0.0.0-test',
        uptimeSeconds: expect.any(Number) as number,
        store: { kind: 'sqlite', ok: true },
      })
    }
  })

  it('is not ready while the server stops, and takes on nothing new', async () => {
    const { url, ask, server: http } = await start()
    http.drain()
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    const ready = await fetch(`${url}/health/ready`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ status: 'stopping', ready: false })
    const refused = await ask('/jobs/count', { json: { to: 1 } })
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(await problemOf(refused)).toMatchObject({ code: 'SHUTTING_DOWN', status: 503 })
    expect((await ask('/jobs')).status).toBe(200)
  })

  it('is not ready when the store does not answer', async () => {
    const { url, engine, ask } = await start({ storeCheckMs: 2_000, onEngineError: () => undefined })
    const { job, token } = await finishedJob(server as TestServer)
    await engine.stores.close()
    const ready = await fetch(`${url}/health/ready`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ status: 'unavailable', store: { ok: false } })
    expect(await problemOf(await ask(`/jobs/${job.id}`, { headers: { authorization: `Bearer ${token}` } }))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      status: 503,
    })
  })
})

describe('the state of the store', () => {
  /** A server whose store counts how often it is asked how it is. */
  async function counted(storeCheckKeptMs: number): Promise<{ ask: () => Promise<number>; checks: () => number }> {
    const { engine } = await start()
    let checks = 0
    const stores: Stores = {
      ...engine.stores,
      kind: engine.stores.kind,
      close: () => engine.stores.close(),
      check: () => {
        checks += 1
        return engine.stores.check()
      },
    }
    const node = await startNode(Object.assign(Object.create(engine) as typeof engine, { stores }), { storeCheckKeptMs })
    onTestFinished(() => node.server.close())
    return {
      ask: async () => (await fetch(`${node.url}/health/ready`)).status,
      checks: () => checks,
    }
  }

  it('is looked at once for all who ask at about the same time', async () => {
    const { ask, checks } = await counted(60_000)
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200])
    expect(await ask()).toBe(200)
    expect(checks()).toBe(1)
  })

  it('is looked at again after a while', async () => {
    const { ask, checks } = await counted(0)
    expect([await ask(), await ask()]).toEqual([200, 200])
    expect(checks()).toBe(2)
  })
})

describe('a node that runs jobs alone', () => {
  it('answers health and metrics, nothing else, and starts its services for their jobs', async () => {
    let began = false
    const service: Service = {
      name: 'worked',
      jobTypes: [],
      paths: ['/worked'],
      mount(app) {
        app.get('/worked', (c) => c.text('here'))
      },
      start(kit) {
        began = !kit.servesApi
        return Promise.resolve()
      },
    }
    const { url, ask } = await start({ api: false, services: [service] })
    expect(began).toBe(true)
    for (const path of ['/health', '/health/live', '/health/ready', '/metrics']) expect((await ask(path)).status).toBe(200)
    for (const path of ['/', '/jobs', '/worked', '/openapi.json', '/stats']) {
      expect(await problemOf(await ask(path))).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    }
    expect(
      (await fetch(`${url}/ws`, { headers: { upgrade: 'websocket', connection: 'upgrade' } }).catch(() => undefined))?.status ?? 404,
    ).toBe(404)
  })
})

describe('metrics', () => {
  it('count jobs, events and requests by route, not by path', async () => {
    const { ask } = await start()
    const { job } = await finishedJob(server as TestServer)
    await (await ask(`/jobs/${job.id}`)).arrayBuffer()
    await (await ask('/made-up/path/17')).arrayBuffer()
    const text = await (await ask('/metrics')).text()
    expect(text).toContain('headway_jobs{type="count",status="completed"} 1')
    expect(text).toMatch(/^headway_events_appended_total \d+$/m)
    expect(text).toContain('headway_http_requests_total{method="POST",route="/jobs/:type",status="200"} 1')
    expect(text).toContain('headway_http_requests_total{method="GET",route="unmatched",status="404"} 1')
    expect(text).toContain('headway_watchers{transport="sse"} 0')
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds/)
    expect(text).not.toContain(job.id)
  })

  it('can be public', async () => {
    const { url } = await start({ metricsAccess: 'public' })
    expect((await fetch(`${url}/metrics`)).status).toBe(200)
  })
})

describe('the API description', () => {
  it('has every native route with its errors, and no reference into nothing', async () => {
    const { url } = await start()
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi
    expect(document.openapi).toBe('3.0.3')
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/jobs',
        '/jobs/{type}',
        '/jobs/{id}',
        '/jobs/{id}/events',
        '/jobs/{id}/cancel',
        '/jobs/{id}/ticket',
        '/health',
      ]),
    )
    expect(Object.keys(document.paths['/jobs/{type}']?.['post']?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '201', '400', '401', '403', '404', '409', '413', '415', '429', '500', '503']),
    )
    const text = JSON.stringify(document)
    for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
      expect(document.components.schemas).toHaveProperty(name)
    for (const item of Object.values(document.paths)) {
      for (const operation of Object.values(item)) expect(operation.summary).toBeTruthy()
    }
  })
})

interface OpenApi {
  readonly openapi: string
  readonly paths: Record<string, Record<string, { summary: string; responses: Record<string, unknown> }>>
  readonly components: { readonly schemas: Record<string, unknown> }
}

describe('logs', () => {
  it('hold every request, and no secret', async () => {
    let text = ''
    const destination = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString()
        done()
      },
    })
    const { ask, url } = await start({ log: createLogger('debug', destination) })
    const { job, token } = await finishedJob(server as TestServer)
    const { eventsUrl } = (await (await ask(`/jobs/${job.id}/ticket`, { method: 'POST' })).json()) as { eventsUrl: string }
    await (await fetch(eventsUrl)).arrayBuffer()
    await (await fetch(`${url}/jobs?token=${token}&key=${ADMIN_KEY}&limit=1`)).arrayBuffer()
    await (await ask('/jobs', { headers: { authorization: `Bearer ${token}`, cookie: 'session=very-secret' } })).arrayBuffer()
    await server?.stop()
    server = undefined
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toContainEqual(expect.objectContaining({ method: 'POST', route: '/jobs/:type', status: 200, ip: '127.0.0.1' }))
    expect(text).toContain('?ticket=[redacted]')
    expect(text).toContain('token=[redacted]&key=[redacted]&limit=1')
    for (const secret of [token, new URL(eventsUrl).searchParams.get('ticket') ?? '', ADMIN_KEY, RUN_KEY, 'very-secret']) {
      expect(text).not.toContain(secret)
    }
  })
})

describe('a service', () => {
  const grumpy: Service = {
    name: 'grumpy',
    jobTypes: [],
    paths: ['/grumpy'],
    limits: { grumpy: { requests: 2, windowSeconds: 60 } },
    mount(app, kit) {
      app.get('/grumpy/bug', kit.rateLimit('grumpy'), () => {
        throw new TypeError('a secret of the programmer')
      })
    },
    renderError: (error, c) => c.json({ success: false, code: error.code, message: error.message }, 500),
  }

  it('shows errors under its paths in its own form, and tells nothing of its bugs', async () => {
    const { ask } = await start({ services: [grumpy] })
    const bug = await (await ask('/grumpy/bug')).text()
    expect(JSON.parse(bug)).toMatchObject({ success: false, code: 'INTERNAL_ERROR' })
    expect(bug).not.toContain('secret')
    expect(await (await ask('/grumpy/nothing')).json()).toMatchObject({ success: false, code: 'NOT_FOUND' })
    expect(await (await ask('/grumpy/bug', { method: 'POST' })).json()).toMatchObject({ success: false, code: 'METHOD_NOT_ALLOWED' })
    await ask('/grumpy/bug')
    expect(await (await ask('/grumpy/bug')).json()).toMatchObject({ success: false, code: 'RATE_LIMIT_EXCEEDED' })
    expect(await problemOf(await ask('/grumpy-not'))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is started before the server listens, and closed with it', async () => {
    const seen: string[] = []
    const { stop } = await start({
      services: [
        {
          ...grumpy,
          start: (kit) => {
            seen.push(`started with ${kit.version}`)
            return Promise.resolve()
          },
          close: () => {
            seen.push('closed')
            return Promise.resolve()
          },
        },
      ],
    })
    await stop()
    server = undefined
    expect(seen).toEqual(['started with 0.0.0-test', 'closed'])
  })

  it('can refuse with an error of its own', async () => {
    const { ask } = await start({
      services: [
        {
          name: 'plain',
          jobTypes: [],
          paths: ['/plain'],
          mount: (app) => {
            app.get('/plain', () => {
              throw new HeadwayError('OVERLOADED', 'Not now.', { retryAfterSeconds: 1.2 })
            })
          },
        },
      ],
    })
    const answer = await ask('/plain')
    expect(answer.headers.get('retry-after')).toBe('2')
    expect(await problemOf(answer)).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 1.2 })
  })
})

describe('closing', () => {
  it('ends streams between two events and tells them when to come back', async () => {
    const { ask, server: http } = await start()
    const { job } = await createdJob(await ask('/jobs/wait', { json: {} }))
    await untilStatus(server as TestServer, job.id, 'running')
    const stream = await ask(`/jobs/${job.id}/events`, { headers: { accept: 'text/event-stream' } })
    const text = stream.text()
    const wait = ask(`/jobs/wait`, { json: {}, headers: { prefer: 'wait=60' } })
    await untilStatus(server as TestServer, (await nextJob(server as TestServer, job.id)).id, 'running')
    await http.close()
    expect(await text).toMatch(/retry: \d+\n\n$/)
    expect((await wait).status).toBe(201)
    await expect(ask('/health')).rejects.toThrow()
  })

  it('cuts off whoever never comes to an end', async () => {
    const { url, server: http } = await start({ closeGraceMs: 50 })
    const stuck = fetch(`${url}/jobs/count`, {
      method: 'POST',
      headers: { 'x-api-key': RUN_KEY, 'content-type': 'application/json' },
      duplex: 'half',
      body: new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"to"')) }),
    } as RequestInit)
    const failed = expect(stuck).rejects.toThrow()
    // Its head has arrived when a later request is answered.
    await (await fetch(`${url}/health`)).arrayBuffer()
    await http.close()
    await failed
  })
})

async function nextJob(from: TestServer, other: string): Promise<{ id: string }> {
  for (;;) {
    const { jobs } = (await (await from.ask('/jobs')).json()) as { jobs: { id: string }[] }
    const found = jobs.find(({ id }) => id !== other)
    if (found !== undefined) return found
  }
}
