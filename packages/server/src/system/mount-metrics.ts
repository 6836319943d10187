import { ROUTES } from '@headway/protocol'
import type { Registry } from 'prom-client'
import { z } from 'zod'
import type { ServerApp } from '../context.js'
import type { Access, ServerKit } from '../kit.js'
import { SYSTEM_TAG } from '../native/tags.js'
import { addRoute } from '../openapi/add-route.js'

const metricsSchema = z.string().meta({
  examples: ['# HELP headway_jobs_running Jobs that this node runs now\n# TYPE headway_jobs_running gauge\nheadway_jobs_running 3\n'],
})

/** `GET /metrics`, for Prometheus. @param refresh fetches the engine's figures */
export function mountMetrics(app: ServerApp, kit: ServerKit, registry: Registry, refresh: () => Promise<void>, access: Access): void {
  addRoute(
    app,
    {
      method: 'get',
      path: ROUTES.metrics,
      tags: [SYSTEM_TAG.name],
      summary: 'Figures for Prometheus',
      access: access === 'public' ? 'optional' : 'key',
      responses: { 200: { description: 'The text format of Prometheus', content: { 'text/plain': metricsSchema } } },
    },
    async (c) => {
      await kit.requireRole(c, 'read', access)
      await refresh().catch((error: unknown) => {
        // A store that does not answer is when the other figures are needed most.
        c.var.client.log.warn({ err: error }, 'the figures of the engine could not be had')
      })
      return c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType })
    },
  )
}
