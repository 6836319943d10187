import { ROUTES } from '@headway/protocol'
import { z } from 'zod'
import type { ServerApp } from '../context.js'
import type { ServerKit } from '../kit.js'
import { SYSTEM_TAG } from '../native/tags.js'
import { addRoute } from '../openapi/add-route.js'
import { apiDescriptions } from '../openapi/descriptions.js'
import type { Service } from '../service.js'

/** RFC 9512. */
const YAML_CONTENT_TYPE = 'application/yaml'

const documentSchema = z.looseObject({ openapi: z.literal('3.0.3'), paths: z.looseObject({}) })
const yamlSchema = (example: string): z.ZodType => z.string().meta({ examples: [example] })

/** `GET /openapi.json`, and the same and the AsyncAPI description as YAML under `/docs/api`. */
export function mountApiDocuments(app: ServerApp, kit: ServerKit, services: readonly Service[]): void {
  const descriptions = apiDescriptions(app, services, kit.version)
  addRoute(
    app,
    {
      method: 'get',
      path: ROUTES.openapi,
      tags: [SYSTEM_TAG.name],
      summary: 'This description',
      access: 'public',
      responses: {
        200: {
          description: 'OpenAPI 3.0.3',
          content: { 'application/json': documentSchema },
          examples: { beginning: { summary: 'As much of it as it takes', value: { openapi: '3.0.3', paths: {} } } },
        },
      },
    },
    kit.rateLimit('api'),
    async (c) => c.json(await descriptions.openApi(kit.publicUrl(c, ''))),
  )
  for (const { path, summary, write, example } of [
    {
      path: ROUTES.openapiYaml,
      summary: 'This description, as YAML',
      write: descriptions.openApiYaml,
      example: 'openapi: 3.0.3\n',
    },
    {
      path: ROUTES.asyncapiYaml,
      summary: 'The description of all streams and WebSockets (AsyncAPI)',
      write: descriptions.asyncApiYaml,
      example: 'asyncapi: 3.0.0\n',
    },
  ]) {
    addRoute(
      app,
      {
        method: 'get',
        path,
        tags: [SYSTEM_TAG.name],
        summary,
        access: 'public',
        responses: { 200: { description: 'The description', content: { [YAML_CONTENT_TYPE]: yamlSchema(example) } } },
      },
      kit.rateLimit('api'),
      async (c) => c.body(await write(kit.publicUrl(c, '')), 200, { 'Content-Type': YAML_CONTENT_TYPE }),
    )
  }
}
