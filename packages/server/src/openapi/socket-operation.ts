import type { ErrorCode } from '@headway/protocol'
import { closeList, componentName } from '../asyncapi/channel-description.js'
import type { ChannelDescription } from '../asyncapi/channel-description.js'
import { errorResponses, PROBLEM_BODY } from './error-responses.js'
import type { SchemaObject } from './json-schema.js'
import { operationId, securityOf } from './operation.js'
import type { Parts } from './parts.js'
import { unionOf } from './stream-content.js'

/** What an upgrade may be refused with. Who may come in is told after it, by a close code: a browser can't see a refusal. */
const UPGRADE_ERRORS: readonly ErrorCode[] = [
  'BAD_REQUEST',
  'FORBIDDEN',
  'IP_NOT_ALLOWED',
  'METHOD_NOT_ALLOWED',
  'UPGRADE_REQUIRED',
  'RATE_LIMIT_EXCEEDED',
  'INTERNAL_ERROR',
]

/** A WebSocket in the terms of OpenAPI 3.0: its upgrade. Its messages are under the components; asyncapi.yaml says who sends which. */
export function socketOperation(channel: ChannelDescription, parts: Parts): SchemaObject {
  const name = componentName(channel)
  const sends = unionOf(parts, `${name}ServerMessage`, channel.sends, 'output')
  const takes = channel.takes && unionOf(parts, `${name}ClientMessage`, channel.takes, 'input')
  const header = (description: string, example: string): SchemaObject => ({ description, schema: { type: 'string' }, example })
  return {
    operationId: operationId('get', channel.path),
    tags: [...channel.tags],
    summary: channel.title,
    description: [channel.description, messageList(sends, takes), closeList(channel)].filter((text) => text !== '').join('\n\n'),
    security: securityOf(channel.access, true),
    parameters: [
      ...parts.parametersOf('path', channel.params),
      ...parts.parametersOf('query', channel.query),
      ...parts.parametersOf('header', channel.headers),
    ],
    responses: {
      101: {
        description: 'The connection is a WebSocket from here on',
        headers: { Upgrade: header('The protocol', 'websocket'), 'Sec-WebSocket-Protocol': header('The token that was offered', 'TOKEN') },
      },
      ...errorResponses(parts, UPGRADE_ERRORS, [PROBLEM_BODY, ...(channel.errorBody ? [channel.errorBody] : [])]),
    },
    'x-websocket-messages': { server: sends, ...(takes && { client: takes }) },
  }
}

function messageList(sends: SchemaObject, takes: SchemaObject | undefined): string {
  const nameOf = ({ $ref }: SchemaObject): string => `\`${String($ref).replace('#/components/schemas/', '')}\``
  return `Messages of the server: ${nameOf(sends)}.${takes ? ` Messages of the client: ${nameOf(takes)}.` : ''}`
}
