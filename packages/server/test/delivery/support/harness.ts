import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDriver } from '@headway/conformance'
import type { DrivenJob } from '@headway/conformance'
import { createEngine, HeadwayError } from '@headway/core'
import type { Engine } from '@headway/core'
import { createDelivery, createSocketRouter, pollEvents, serveNdjson, serveSse } from '@headway/server'
import type { Delivery, DeliveryEngine, DeliverySettings, SocketProtocol, SocketRouterOptions, SseOptions } from '@headway/server'
import { openSqliteStores } from '@headway/store-sqlite'
import { onTestFinished } from 'vitest'

export interface HarnessOptions {
  readonly settings?: Partial<DeliverySettings>
  readonly sse?: Partial<Omit<SseOptions, 'delivery' | 'job'>>
  readonly sockets?: Partial<Omit<SocketRouterOptions, 'delivery'>>
  readonly protocols?: (delivery: Delivery) => readonly SocketProtocol[]
  /** Puts something between delivery and the engine. */
  readonly engine?: (engine: Engine) => DeliveryEngine
}

/** Delivery on a bare HTTP server, with a real engine and database: `/sse/{id}`, `/ndjson/{id}`, `/poll/{id}` and sockets. */
export interface Harness {
  readonly engine: Engine
  readonly delivery: Delivery
  readonly url: string
  readonly port: number
  /** What went wrong in streams. */
  readonly errors: unknown[]
  readonly drive: () => Promise<DrivenJob>
}

export async function openHarness(options: HarnessOptions = {}): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-delivery-'))
  const stores = await openSqliteStores({ folder })
  const driver = createDriver()
  const engine = createEngine({ stores, jobTypes: [driver.jobType], shutdownGraceMs: 50 })
  await engine.start()
  const errors: unknown[] = []
  const delivery = createDelivery(options.engine?.(engine) ?? engine, {
    ...options.settings,
    onError: (error) => errors.push(error),
  })
  const server = createServer(answers(delivery, options))
  const router = createSocketRouter({ delivery, allowedOrigins: [], ...options.sockets })
  for (const protocol of options.protocols?.(delivery) ?? []) router.add(protocol)
  router.attach(server)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(async () => {
    await delivery.watchers.drain(50)
    server.closeAllConnections()
    await new Promise((resolve) => {
      server.close(resolve)
    })
    await engine.close()
    await stores.close()
    await rm(folder, { recursive: true, force: true })
  })
  const { port } = server.address() as AddressInfo
  return { engine, delivery, port, url: `http://127.0.0.1:${port}`, errors, drive: () => driver.start(engine) }
}

function answers(delivery: Delivery, { sse }: HarnessOptions): RequestListener {
  return (request, response) => void answer(request, response)

  async function answer(...[request, response]: Parameters<RequestListener>): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://harness')
    const [, how, id = ''] = url.pathname.split('/')
    const after = url.searchParams.get('after') ?? undefined
    try {
      const job = await delivery.engine.get(id)
      if (how === 'sse') return await serveSse(request, response, { delivery, job, after, ...sse })
      if (how === 'ndjson') return await serveNdjson(request, response, { delivery, job, after })
      const gone = new AbortController()
      response.once('close', () => gone.abort())
      const number = (name: string): number | undefined => (url.searchParams.has(name) ? Number(url.searchParams.get(name)) : undefined)
      const { status, headers, body } = await pollEvents({
        delivery,
        job,
        after,
        limit: number('limit'),
        waitSeconds: number('wait'),
        types: url.searchParams.get('types')?.split(','),
        ifNoneMatch: request.headers['if-none-match'],
        signal: gone.signal,
      })
      response.writeHead(status, headers).end(body)
    } catch (error) {
      if (!(error instanceof HeadwayError)) throw error
      response.writeHead(400).end(error.code)
    }
  }
}
