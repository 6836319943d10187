import type { z } from 'zod'
import type { SchemaObject, SchemaWriter } from '../openapi/json-schema.js'
import { closeList, componentName } from './channel-description.js'
import type { ChannelDescription } from './channel-description.js'
import { streamQuerySchema } from './stream-parameters.js'

const BINDING_VERSIONS = { ws: '0.1.0', http: '0.3.0' }

/** A channel in the terms of AsyncAPI, with its messages. */
export function channelObject(writer: SchemaWriter, channel: ChannelDescription): SchemaObject {
  const { transport, path, title, description, params, query, headers, sends, takes = [], tags } = channel
  const isSocket = transport === 'websocket'
  const names = [...sends, ...takes].map(({ name }) => name)
  const parameters = parametersOf(writer, params)
  return {
    address: path,
    title,
    description: [description, closeList(channel)].filter((text) => text !== '').join('\n\n'),
    servers: [{ $ref: `#/servers/${isSocket ? 'sockets' : 'streams'}` }],
    ...(parameters && { parameters }),
    messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    tags: tags.map((name) => ({ name })),
    ...(isSocket && { bindings: { ws: { method: 'GET', ...objects(writer, { query, headers }), bindingVersion: BINDING_VERSIONS.ws } } }),
  }
}

/** What the server does with a channel: it sends, and over a socket or at the start of a stream it receives. */
export function operationsOf(writer: SchemaWriter, channel: ChannelDescription): [string, SchemaObject][] {
  const { name, transport, title, sends, takes, method = 'get' } = channel
  const query = channel.query ?? (method === 'get' ? streamQuerySchema : undefined)
  const binding = { http: { method: method.toUpperCase(), ...objects(writer, { query }), bindingVersion: BINDING_VERSIONS.http } }
  const operation = (action: 'send' | 'receive', messages: ChannelDescription['sends']): SchemaObject => ({
    action,
    channel: { $ref: `#/channels/${name}` },
    title,
    messages: messages.map((message) => ({ $ref: `#/channels/${name}/messages/${message.name}` })),
    ...securityOf(channel),
    ...(transport === 'sse' && { bindings: binding }),
  })
  return [
    [`send${componentName(channel)}`, operation('send', sends)],
    ...(takes ? [[`receive${componentName(channel)}`, operation('receive', takes)] as [string, SchemaObject]] : []),
  ]
}

/** Any one of these opens the channel. */
function securityOf({ access, transport }: ChannelDescription): SchemaObject {
  if (access === 'public' || access === 'optional') return {}
  const schemes = ['apiKey', ...(access === 'job' ? ['jobToken', 'ticket'] : []), ...(transport === 'websocket' ? ['subprotocol'] : [])]
  return { security: schemes.map((scheme) => ({ $ref: `#/components/securitySchemes/${scheme}` })) }
}

function parametersOf(writer: SchemaWriter, params: z.ZodObject | undefined): SchemaObject | undefined {
  if (params === undefined) return undefined
  const { properties = {} } = writer.write(params, 'input') as { readonly properties?: Readonly<Record<string, SchemaObject>> }
  return Object.fromEntries(Object.entries(properties).map(([name, { description, examples }]) => [name, { description, examples }]))
}

function objects(writer: SchemaWriter, schemas: Readonly<Record<string, z.ZodObject | undefined>>): SchemaObject {
  const given = Object.entries(schemas).flatMap(([name, schema]) => (schema === undefined ? [] : [[name, writer.write(schema, 'input')]]))
  return Object.fromEntries(given) as SchemaObject
}
