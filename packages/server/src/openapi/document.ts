import { setImmediate as pause } from 'node:timers/promises'
import type { ChannelDescription } from '../asyncapi/channel-description.js'
import { INFO } from './info.js'
import type { SchemaObject } from './json-schema.js'
import { operationOf } from './operation.js'
import { Parts } from './parts.js'
import type { RouteDescription } from './route-description.js'
import { socketOperation } from './socket-operation.js'

/** What an API description is made of. */
export interface ApiParts {
  readonly version: string
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly routes: readonly RouteDescription[]
  readonly channels: readonly ChannelDescription[]
}

export type ApiDocument = Readonly<Record<string, unknown>>

const SECURITY_SCHEMES = {
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key; `Authorization: Bearer` takes it, too' },
  jobToken: { type: 'http', scheme: 'bearer', description: 'The token of one job, from the answer to its creation' },
  ticket: { type: 'apiKey', in: 'query', name: 'ticket', description: 'A ticket: it reads the stream of one job and nothing else' },
}

/** The errors that no operation names, because they come before one is found. */
const DESCRIPTION = `${INFO.description}

Errors that no operation lists: what can not be read as an HTTP request is answered by a problem document with \`BAD_REQUEST\` (400), \`REQUEST_TIMEOUT\` (408), \`EXPECTATION_FAILED\` (417) or \`HEADERS_TOO_LARGE\` (431); a path or method that is none by \`NOT_FOUND\` (404) or \`METHOD_NOT_ALLOWED\` (405).

Every answer has an \`X-Request-Id\`, which the log of the server has, too. /docs/api/asyncapi.yaml describes all streams and WebSockets.`

/** The OpenAPI 3.0.3 description of all routes and sockets, but for \`servers\`. Others get their turn while it is made. */
export async function openApiDocument({ version, tags, routes, channels }: ApiParts): Promise<ApiDocument> {
  const parts = new Parts()
  const paths: Record<string, Record<string, SchemaObject>> = {}
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, parts) }
    await pause()
  }
  for (const channel of channels.filter(({ transport }) => transport === 'websocket')) {
    paths[channel.path] = { ...paths[channel.path], get: socketOperation(channel, parts) }
    await pause()
  }
  return {
    openapi: '3.0.3',
    info: { ...INFO, version, description: DESCRIPTION },
    tags: tags.map((tag) => ({ ...tag })),
    paths,
    components: { ...parts.components(), securitySchemes: SECURITY_SCHEMES },
  }
}
