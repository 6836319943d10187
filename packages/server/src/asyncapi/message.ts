import { isReference } from '../openapi/json-schema.js'
import type { Direction, SchemaObject, SchemaWriter } from '../openapi/json-schema.js'
import type { MessageDescription } from './channel-description.js'

export interface MessageUse {
  /** `output`: the server sends it. */
  readonly direction: Direction
  /** Whether it is sent in the fields of Server-Sent Events. */
  readonly withFields: boolean
}

/** A message in the terms of AsyncAPI. Its payload is a schema of the same name. */
export function messageObject(writer: SchemaWriter, message: MessageDescription, { direction, withFields }: MessageUse): SchemaObject {
  const { name, summary, description, examples, event } = message
  return {
    name,
    title: summary,
    ...(description !== undefined && { description }),
    contentType: 'application/json',
    ...(withFields && { headers: fieldsOf(message) }),
    payload: payloadOf(writer, message, direction),
    examples: examples.map((payload) => ({ ...(withFields && event !== undefined && { headers: { event } }), payload })),
  }
}

/** The schema of a message; its examples are the message's. */
function payloadOf(writer: SchemaWriter, { name, schema }: MessageDescription, direction: Direction): SchemaObject {
  const written = writer.write(schema, direction)
  if (isReference(written)) return written
  const { examples: _ofMessage, ...rest } = written
  return writer.add(name, rest)
}

/** The fields beside `data` of a message of a stream. */
function fieldsOf({ event, hasId }: MessageDescription): SchemaObject {
  return {
    type: 'object',
    description: 'Fields of the Server-Sent Event beside `data`, which is the payload',
    properties: {
      ...(event !== undefined && { event: { type: 'string', const: event } }),
      ...(hasId !== false && { id: { type: 'string', description: 'For `Last-Event-ID`: the number of the event in the log' } }),
    },
    ...(event !== undefined && { required: ['event'] }),
  }
}
