import { setImmediate as pause } from 'node:timers/promises'
import { SchemaWriter } from '../openapi/json-schema.js'
import type { SchemaObject } from '../openapi/json-schema.js'
import type { ApiDocument, ApiParts } from '../openapi/document.js'
import { INFO } from '../openapi/info.js'
import { channelObject, operationsOf } from './channel.js'
import type { MessageDescription } from './channel-description.js'
import { messageObject } from './message.js'
import type { MessageUse } from './message.js'

const DESCRIPTION = `${INFO.description}

Every Server-Sent Events stream and every WebSocket of this API. An operation says what the server does: it sends events, and receives what clients say over a WebSocket or in the body of the POST that opens a stream. /docs/api/openapi.yaml describes the HTTP API.`

const SECURITY_SCHEMES = {
  apiKey: { type: 'httpApiKey', in: 'header', name: 'X-API-Key', description: 'An API key; `Authorization: Bearer` takes it, too' },
  jobToken: { type: 'http', scheme: 'bearer', description: 'The token of one job, from the answer to its creation' },
  ticket: { type: 'httpApiKey', in: 'query', name: 'ticket', description: 'A ticket: it reads the stream of one job and nothing else' },
  subprotocol: {
    type: 'httpApiKey',
    in: 'header',
    name: 'Sec-WebSocket-Protocol',
    description: 'An API key or the token of a job as the first subprotocol, which is echoed: browsers can send no other header',
  },
}

/** The AsyncAPI 3.0 description of all channels, but for `servers`. Others get their turn while it is made. */
export async function asyncApiDocument({ version, tags, channels }: Omit<ApiParts, 'routes'>): Promise<ApiDocument> {
  const writer = new SchemaWriter('draft-7')
  const messages = new Map<string, SchemaObject>()
  const add = async (message: MessageDescription, use: MessageUse): Promise<void> => {
    if (messages.has(message.name)) return
    messages.set(message.name, messageObject(writer, message, use))
    await pause()
  }
  for (const { sends, takes = [], transport } of channels) {
    for (const message of sends) await add(message, { direction: 'output', withFields: transport === 'sse' })
    for (const message of takes) await add(message, { direction: 'input', withFields: false })
  }
  const used = new Set(channels.flatMap((channel) => channel.tags))
  return {
    asyncapi: '3.0.0',
    info: { ...INFO, version, description: DESCRIPTION, tags: tags.filter(({ name }) => used.has(name)).map((tag) => ({ ...tag })) },
    defaultContentType: 'application/json',
    channels: byName(channels.map((channel) => [channel.name, channelObject(writer, channel)])),
    operations: byName(channels.flatMap((channel) => operationsOf(writer, channel))),
    components: { messages: byName([...messages]), schemas: writer.named, securitySchemes: SECURITY_SCHEMES },
  }
}

/** Where the server is, as AsyncAPI has it. @param url of the server, without a slash at the end */
export function asyncApiServers(url: string): SchemaObject {
  const { protocol, host, pathname } = new URL(url)
  const isSecure = protocol === 'https:'
  const base = { host, ...(pathname !== '/' && { pathname }) }
  return {
    streams: { ...base, protocol: isSecure ? 'https' : 'http', description: 'Server-Sent Events' },
    sockets: { ...base, protocol: isSecure ? 'wss' : 'ws', description: 'WebSocket' },
  }
}

function byName(entries: readonly (readonly [string, SchemaObject])[]): Record<string, SchemaObject> {
  return Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
