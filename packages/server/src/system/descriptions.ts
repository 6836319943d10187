import { ERROR_CODES, ROUTES } from '@headway/protocol'
import type { ErrorCode } from '@headway/protocol'
import { HeadwayError } from '@headway/core'
import { z } from 'zod'
import { varyBy } from '../answer-headers.js'
import type { ServerApp } from '../context.js'
import { problemType } from '../errors/problem.js'
import type { ServerKit } from '../kit.js'
import { EVENTS_TAG, JOBS_TAG, SYSTEM_TAG } from '../native/tags.js'
import { negotiate } from '../negotiate.js'
import { addRoute } from '../openapi/add-route.js'
import type { Service } from '../service.js'

const errorSchema = z.object({ type: z.string(), code: z.string(), status: z.int(), title: z.string() })
const landingSchema = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string().describe('Where the API description (OpenAPI) is'),
  health: z.string(),
})

/** `GET /openapi.json`, `/problems/{code}` and `/`: what there is, for programs and for people. */
export function mountDescriptions(app: ServerApp, kit: ServerKit, services: readonly Service[]): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'An API key; `Authorization: Bearer` takes it, too',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'jobToken', {
    type: 'http',
    scheme: 'bearer',
    description: "The token of one job, from the answer to its creation; or `?ticket=` in the URL of the job's events",
  })
  addRoute(
    app,
    {
      method: 'get',
      path: ROUTES.openapi,
      tags: [SYSTEM_TAG.name],
      summary: 'This description',
      access: 'public',
      responses: { 200: { description: 'OpenAPI 3.0.3', content: { 'application/json': z.object({}) } } },
    },
    kit.rateLimit('api'),
    (c) => {
      // Written when it is asked for: by then every service has its routes.
      const document = app.getOpenAPIDocument({
        openapi: '3.0.3',
        info: { title: 'Headway', version: kit.version, description: 'Run long jobs and follow them live.', license: { name: 'MIT' } },
        servers: [{ url: kit.publicUrl(c, '') }],
        tags: [JOBS_TAG, EVENTS_TAG, ...services.flatMap(({ tags = [] }) => tags), SYSTEM_TAG].map((tag) => ({ ...tag })),
      })
      return c.json(document)
    },
  )
  addRoute(
    app,
    {
      method: 'get',
      path: '/problems/{code}',
      tags: [SYSTEM_TAG.name],
      summary: 'What an error code means; the `type` of a problem document leads here',
      access: 'public',
      params: z.object({ code: z.string() }),
      responses: { 200: { description: 'The error', content: { 'application/json': errorSchema } } },
      errors: ['NOT_FOUND'],
    },
    kit.rateLimit('api'),
    (c) => {
      const code = c.req.param('code') ?? ''
      if (!Object.hasOwn(ERROR_CODES, code)) throw new HeadwayError('NOT_FOUND', 'There is no such error code.')
      return c.json({ type: problemType(code), code, ...ERROR_CODES[code as ErrorCode] })
    },
  )
  addRoute(
    app,
    {
      method: 'get',
      path: '/',
      tags: [SYSTEM_TAG.name],
      summary: 'What this is',
      access: 'public',
      responses: { 200: { description: 'Where to go from here', content: { 'application/json': landingSchema, 'text/html': undefined } } },
    },
    kit.rateLimit('api'),
    (c) => {
      varyBy(c, 'Accept')
      if (negotiate(c.req.header('accept'), ['application/json', 'text/html']) === 'text/html') return c.html(landingPage(kit.version))
      return c.json({
        name: 'Headway',
        version: kit.version,
        description: kit.publicUrl(c, ROUTES.openapi),
        health: kit.publicUrl(c, ROUTES.health),
      })
    },
  )
}

function landingPage(version: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Headway</title>
<h1>Headway ${version.replaceAll(/[^\w.+-]/g, '')}</h1>
<p>This server runs long jobs and lets you follow them live.</p>
<ul>
<li><a href=".${ROUTES.openapi}">API description (OpenAPI)</a></li>
<li><a href=".${ROUTES.health}">Health</a></li>
</ul>
</html>
`
}
