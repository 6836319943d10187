import type { StoreFacts, Stores } from '@headway/core'
import { ROUTES } from '@headway/protocol'
import { z } from 'zod'
import type { ServerApp } from '../context.js'
import { toHeadwayError } from '../errors/normalize.js'
import { SYSTEM_TAG } from '../native/tags.js'
import { addRoute } from '../openapi/add-route.js'
import { nameSchema } from '../openapi/json-schema.js'

const healthSchema = z.object({
  status: z.enum(['ok', 'stopping', 'unavailable']),
  live: z.boolean(),
  ready: z.boolean().describe('Whether requests should be sent here'),
  version: z.string(),
  uptimeSeconds: z.int(),
  store: z.object({
    kind: z.string(),
    ok: z.boolean(),
    message: z.string().optional(),
    notifications: z
      .enum(['listening', 'polling'])
      .optional()
      .describe('How news from other nodes comes, where there may be some: told at once, or found by looking now and then'),
    durability: z
      .enum(['standby', 'disk', 'memory'])
      .optional()
      .describe(
        'Where a write is when it is acknowledged, for databases that can fail over: on a standby, too (a failover keeps it), on the disk of the database only (a failover may lose the last ones), or in memory (a crash may)',
      ),
  }),
})
type Health = z.infer<typeof healthSchema>
const liveSchema = z.object({ live: z.boolean() })

nameSchema('Health', healthSchema, {
  description: 'Liveness and readiness',
  example: { status: 'ok', live: true, ready: true, version: '0.1.0', uptimeSeconds: 4711, store: { kind: 'sqlite', ok: true } },
})
nameSchema('Liveness', liveSchema, { example: { live: true } })

export interface HealthOptions {
  readonly stores: Pick<Stores, 'check' | 'kind'>
  readonly version: string
  readonly draining: AbortSignal
  /** How long the store may take to answer, in milliseconds. */
  readonly storeCheckMs: number
  /** How long what was found is told to others, in milliseconds. */
  readonly storeCheckKeptMs: number
}

/** `GET /health`, `/health/live` and `/health/ready`. They need no key. */
export function mountHealth(app: ServerApp, options: HealthOptions): void {
  const startedAt = performance.now()
  const check = sharedCheck(options)
  const health = async (): Promise<Health> => {
    const store = await check()
    const draining = options.draining.aborted
    return {
      status: draining ? 'stopping' : store.ok ? 'ok' : 'unavailable',
      live: true,
      ready: store.ok && !draining,
      version: options.version,
      uptimeSeconds: Math.round((performance.now() - startedAt) / 1000),
      store: { kind: options.stores.kind, ...store },
    }
  }
  const answers = {
    200: { description: 'Ready', content: { 'application/json': healthSchema } },
    503: { description: 'Not ready: the server is stopping, or its store does not answer', content: { 'application/json': healthSchema } },
  }
  for (const [path, summary] of [
    [ROUTES.health, 'Liveness and readiness, version, uptime'],
    [ROUTES.ready, 'Whether requests should be sent here'],
  ] as const) {
    addRoute(app, { method: 'get', path, tags: [SYSTEM_TAG.name], summary, access: 'public', responses: answers }, async (c) => {
      const state = await health()
      return c.json(state, state.ready ? 200 : 503)
    })
  }
  const live = { 200: { description: 'The process answers', content: { 'application/json': liveSchema } } }
  addRoute(
    app,
    {
      method: 'get',
      path: ROUTES.live,
      tags: [SYSTEM_TAG.name],
      summary: 'Whether the process is alive',
      access: 'public',
      responses: live,
    },
    (c) => c.json({ live: true }),
  )
}

/**
 * However many ask at about the same time, the store is asked once: anybody may ask, and each check is a write. A store that does not
 * answer in time is not well.
 */
function sharedCheck({ stores, storeCheckMs, storeCheckKeptMs }: HealthOptions): () => Promise<Checked> {
  let latest: Promise<Checked> | undefined
  /** The monotonic time up to which it is told; not known while it is under way. */
  let keptUntil = Number.POSITIVE_INFINITY
  return () => {
    if (latest === undefined || performance.now() >= keptUntil) {
      keptUntil = Number.POSITIVE_INFINITY
      latest = checkOnce(stores, storeCheckMs).finally(() => {
        keptUntil = performance.now() + storeCheckKeptMs
      })
    }
    return latest
  }
}

type Checked = StoreFacts & { readonly ok: boolean; readonly message?: string }

async function checkOnce(stores: HealthOptions['stores'], ms: number): Promise<Checked> {
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(), ms)
  const tooLate = new Promise<Checked>((resolve) => {
    over.signal.addEventListener('abort', () => resolve({ ok: false, message: `The store did not answer within ${ms} ms.` }))
  })
  const answered = stores.check().then(
    (facts): Checked => ({ ok: true, ...facts }),
    (error: unknown): Checked => ({ ok: false, message: toHeadwayError(error).message }),
  )
  try {
    return await Promise.race([answered, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
