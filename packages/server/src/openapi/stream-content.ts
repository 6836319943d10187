import { componentName } from '../asyncapi/channel-description.js'
import type { ChannelDescription, MessageDescription, SampleMessage } from '../asyncapi/channel-description.js'
import type { Direction, SchemaObject } from './json-schema.js'
import type { Parts } from './parts.js'
import { pascal } from './pascal.js'

/** What a stream of a channel is made of, as a media type of an answer. */
export function streamContent(parts: Parts, mediaType: string, channel: ChannelDescription): SchemaObject {
  const name = componentName(channel)
  const sample = channel.sample ?? sampleOf(channel)
  if (mediaType === 'application/x-ndjson') {
    return { schema: unionOf(parts, `${name}Data`, channel.sends, 'output'), example: lines(sample) }
  }
  return { schema: parts.schemas.add(`${name}Message`, envelope(parts, channel)), example: serverSentEvents(sample) }
}

/**
 * One schema for any of these messages, under a name. Where each has a `type` of its own, a discriminator says so.
 *
 * @param direction `output` for what the server sends
 */
export function unionOf(parts: Parts, name: string, messages: readonly MessageDescription[], direction: Direction): SchemaObject {
  const members = messages.map((message) => messageSchema(parts, message, direction))
  const [only] = members
  if (only !== undefined && members.length === 1) return only
  const mapping = members.flatMap((member) => typesOf(parts.schemas.resolve(member)).map((type) => [type, member['$ref']] as const))
  const isClear = members.every((member) => mapping.some(([, ref]) => ref === member['$ref'])) && new Map(mapping).size === mapping.length
  if (!isClear) return parts.schemas.add(name, { anyOf: members })
  return parts.schemas.add(name, { oneOf: members, discriminator: { propertyName: 'type', mapping: Object.fromEntries(mapping) } })
}

function messageSchema(
  parts: Parts,
  { name, schema, summary, description, examples }: MessageDescription,
  direction: Direction,
): SchemaObject {
  return parts.schemas.writeNamed(name, schema, direction, { description: description ?? summary, example: examples[0] })
}

/** The fields of one message of a stream; how they are written is the HTML standard's. */
function envelope(parts: Parts, channel: ChannelDescription): SchemaObject {
  const groups = new Map<string | undefined, MessageDescription[]>()
  for (const message of channel.sends) groups.set(message.event, [...(groups.get(message.event) ?? []), message])
  const shapes = [...groups].map(([event, messages]) => {
    const data = unionOf(parts, `${componentName(channel)}${event === undefined ? 'Data' : pascal(event)}`, messages, 'output')
    return {
      type: 'object',
      properties: {
        ...(event !== undefined && { event: { type: 'string', enum: [event] } }),
        id: { type: 'string', description: 'For `Last-Event-ID`; absent where the message is of this connection only' },
        data,
      },
      required: [...(event === undefined ? [] : ['event']), 'data'],
    }
  })
  const description = `One message of the stream: its fields, with \`data\` read as JSON. ${channel.description}`
  const [only] = shapes
  return only !== undefined && shapes.length === 1 ? { description, ...only } : { description, oneOf: shapes }
}

/** The values that the member `type` of a message may have; none where that is not said. */
function typesOf(schema: SchemaObject): readonly string[] {
  const properties = schema['properties'] as Record<string, { readonly enum?: readonly string[] }> | undefined
  return properties?.['type']?.enum ?? []
}

/** Where a channel has no sample, one of each message. */
function sampleOf({ sends }: ChannelDescription): readonly SampleMessage[] {
  return sends.map(({ event, hasId, examples: [data] }, index) => ({
    ...(event !== undefined && { event }),
    ...(hasId !== false && { id: String(index + 1) }),
    data,
  }))
}

function serverSentEvents(sample: readonly SampleMessage[]): string {
  return sample
    .map(({ id, event, data }) =>
      [
        ...(event === undefined ? [] : [`event: ${event}`]),
        ...(id === undefined ? [] : [`id: ${id}`]),
        `data: ${JSON.stringify(data)}`,
        '',
        '',
      ].join('\n'),
    )
    .join('')
}

function lines(sample: readonly SampleMessage[]): string {
  return sample.map(({ data }) => `${JSON.stringify(data)}\n`).join('')
}
