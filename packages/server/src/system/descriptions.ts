import { ERROR_CODES, ROUTES } from '@headway/protocol'
import type { ErrorCode } from '@headway/protocol'
import { HeadwayError } from '@headway/core'
import { z } from 'zod'
import { varyBy } from '../answer-headers.js'
import type { ServerApp } from '../context.js'
import { problemType } from '../errors/problem.js'
import type { ServerKit } from '../kit.js'
import { SYSTEM_TAG } from '../native/tags.js'
import { negotiate } from '../negotiate.js'
import { addRoute } from '../openapi/add-route.js'
import { mountAssets, serveIndex } from '../pages/serve-pages.js'
import type { Pages } from '../pages/read-pages.js'
import { nameSchema } from '../openapi/json-schema.js'

const errorSchema = z.object({ type: z.string(), code: z.string(), status: z.int(), title: z.string() })
const landingSchema = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string().describe('Where the API description (OpenAPI) is'),
  health: z.string(),
})

nameSchema('ErrorCode', errorSchema, {
  description: 'What an error code means',
  example: { type: '/problems/JOB_NOT_FOUND', code: 'JOB_NOT_FOUND', status: 404, title: 'There is no such job' },
})
nameSchema('Landing', landingSchema, {
  description: 'Where to go from here',
  example: {
    name: 'Headway',
    version: '0.1.0',
    description: 'http://127.0.0.1:3000/openapi.json',
    health: 'http://127.0.0.1:3000/health',
  },
})

/**
 * `GET /problems/{code}` and `/`: what there is, for programs and for people.
 *
 * @param pages what people get at `/`; a short page with links where there are none
 */
export function mountDescriptions(app: ServerApp, kit: ServerKit, pages: Pages | undefined): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/problems/{code}',
      tags: [SYSTEM_TAG.name],
      summary: 'What an error code means; the `type` of a problem document leads here',
      access: 'public',
      params: z.object({
        code: z
          .string()
          .describe('An error code')
          .meta({ examples: ['JOB_NOT_FOUND'] }),
      }),
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
      if (negotiate(c.req.header('accept'), ['application/json', 'text/html']) === 'text/html') {
        return pages === undefined ? c.html(landingPage(kit.version)) : serveIndex(c, kit, pages)
      }
      return c.json({
        name: 'Headway',
        version: kit.version,
        description: kit.publicUrl(c, ROUTES.openapi),
        health: kit.publicUrl(c, ROUTES.health),
      })
    },
  )
  if (pages !== undefined) mountAssets(app, pages)
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
