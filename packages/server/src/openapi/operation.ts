import type { ErrorCode } from '@headway/protocol'
import { streamHeadersSchema, streamQuerySchema } from '../asyncapi/stream-parameters.js'
import { errorResponses } from './error-responses.js'
import type { SchemaObject } from './json-schema.js'
import type { Parts } from './parts.js'
import { pascal } from './pascal.js'
import { isEventStream } from './route-description.js'
import type { DescribedAccess, Examples, ResponseDescription, RouteDescription } from './route-description.js'
import { streamContent } from './stream-content.js'

/** What any route may answer. */
const COMMON_ERRORS: readonly ErrorCode[] = ['IP_NOT_ALLOWED', 'RATE_LIMIT_EXCEEDED', 'INTERNAL_ERROR', 'STORE_UNAVAILABLE']
const BODY_ERRORS: readonly ErrorCode[] = ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE']
const ACCESS_ERRORS: Record<DescribedAccess, readonly ErrorCode[]> = {
  key: ['UNAUTHORIZED', 'FORBIDDEN'],
  job: ['UNAUTHORIZED', 'TOKEN_EXPIRED', 'FORBIDDEN'],
  optional: ['UNAUTHORIZED', 'FORBIDDEN'],
  public: [],
}
const SECURITY: Record<DescribedAccess, readonly SchemaObject[]> = {
  key: [{ apiKey: [] }],
  job: [{ apiKey: [] }, { jobToken: [] }],
  optional: [{}, { apiKey: [] }],
  public: [],
}

const NOTHING_MORE: ResponseDescription = {
  description: 'A stream that is taken up again has nothing more to say: an EventSource stays away',
}

/** What opens an operation; a stream is also opened by a ticket. */
export function securityOf(access: DescribedAccess, takesTickets: boolean): readonly SchemaObject[] {
  return access === 'job' && takesTickets ? [...SECURITY.job, { ticket: [] }] : SECURITY[access]
}

/** A route's description in the terms of OpenAPI 3.0. */
export function operationOf(route: RouteDescription, parts: Parts): SchemaObject {
  const { method, path, summary, description, body, access } = route
  const isStream = isEventStream(route)
  const responses: Record<string, SchemaObject> = {}
  for (const [status, response] of Object.entries(isStream ? { 204: NOTHING_MORE, ...route.responses } : route.responses)) {
    responses[status] = responseOf(response, parts)
  }
  const errors = [...(route.errors ?? []), ...(body ? BODY_ERRORS : []), ...ACCESS_ERRORS[access], ...COMMON_ERRORS]
  for (const [status, response] of Object.entries(errorResponses(parts, errors, route.errorBody && [route.errorBody])))
    responses[status] ??= response
  return {
    operationId: operationId(method, path),
    tags: [...route.tags],
    summary,
    ...(description !== undefined && { description }),
    security: securityOf(access, isStream),
    parameters: [
      ...parts.parametersOf('path', route.params),
      ...withDefaults(parts.parametersOf('query', route.query), isStream ? parts.parametersOf('query', streamQuerySchema) : []),
      ...withDefaults(parts.parametersOf('header', route.headers), isStream ? parts.parametersOf('header', streamHeadersSchema) : []),
    ],
    ...(body && { requestBody: requestBodyOf(body, parts) }),
    responses,
  }
}

/** `get /jobs/{id}/events` gives `getJobsByIdEvents`. */
export function operationId(method: string, path: string): string {
  return `${method}${pascal(path.replaceAll(/\{(.+?)\}/g, 'by-$1'))}`
}

function withDefaults(own: readonly SchemaObject[], defaults: readonly SchemaObject[]): SchemaObject[] {
  return [...own, ...defaults.filter(({ name }) => own.every((parameter) => parameter['name'] !== name))]
}

function requestBodyOf(body: NonNullable<RouteDescription['body']>, parts: Parts): SchemaObject {
  const { schema, required, contentType = 'application/json', examples } = body
  return { required, content: { [contentType]: { schema: parts.schemas.write(schema, 'input'), ...examplesOf(examples) } } }
}

function responseOf({ description, content, examples, headers }: ResponseDescription, parts: Parts): SchemaObject {
  const header = (text: string): SchemaObject => ({ description: text, schema: { type: 'string' } })
  return {
    description,
    ...(headers && { headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, header(text)])) }),
    ...(content && {
      content: Object.fromEntries(
        Object.entries(content).map(([type, schema]) => [
          type,
          schema !== undefined && 'sends' in schema
            ? streamContent(parts, type, schema)
            : {
                schema: schema === undefined ? { type: 'string' } : parts.schemas.write(schema, 'output'),
                ...(type === 'application/json' && examplesOf(examples)),
              },
        ]),
      ),
    }),
  }
}

function examplesOf(examples: Examples | undefined): SchemaObject {
  return examples === undefined ? {} : { examples }
}
