import type { RouteConfig } from '@hono/zod-openapi'
import { ERROR_CODES, problemSchema } from '@headway/protocol'
import type { ErrorCode } from '@headway/protocol'
import type { z } from 'zod'
import { PROBLEM_CONTENT_TYPE } from '../errors/problem.js'
import type { ResponseDescription, RouteDescription } from './add-route.js'
import { describeSchema, nameSchema } from './json-schema.js'
import type { SchemaObject } from './json-schema.js'

nameSchema('Problem', problemSchema)

/** What any route may answer. */
const COMMON_ERRORS: readonly ErrorCode[] = ['IP_NOT_ALLOWED', 'RATE_LIMIT_EXCEEDED', 'INTERNAL_ERROR', 'STORE_UNAVAILABLE']
const ACCESS_ERRORS: Record<RouteDescription['access'], readonly ErrorCode[]> = {
  key: ['UNAUTHORIZED', 'FORBIDDEN'],
  job: ['UNAUTHORIZED', 'TOKEN_EXPIRED', 'FORBIDDEN'],
  public: [],
}
const SECURITY: Record<RouteDescription['access'], NonNullable<RouteConfig['security']>> = {
  key: [{ apiKey: [] }],
  job: [{ apiKey: [] }, { jobToken: [] }],
  public: [],
}

export interface DescribedOperation {
  readonly operation: RouteConfig
  readonly named: Readonly<Record<string, SchemaObject>>
}

/** A route's description in the terms of OpenAPI 3.0, with the named schemas that it refers to. */
export function operationOf(route: RouteDescription): DescribedOperation {
  const named: Record<string, SchemaObject> = {}
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): SchemaObject => {
    const described = describeSchema(schema, io)
    Object.assign(named, described.named)
    return described.schema
  }
  const responses: RouteConfig['responses'] = {}
  for (const [status, response] of Object.entries(route.responses)) responses[status] = responseOf(response, schemaOf)
  const errors = [...(route.errors ?? []), ...ACCESS_ERRORS[route.access], ...COMMON_ERRORS]
  const errorBody = route.errorBody ?? { contentType: PROBLEM_CONTENT_TYPE, schema: problemSchema }
  for (const [status, codes] of byStatus(errors)) {
    const description = codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}`).join('; ')
    responses[status] ??= { description, content: { [errorBody.contentType]: { schema: schemaOf(errorBody.schema, 'output') } } }
  }
  const { method, path, summary, description, body } = route
  const operation: RouteConfig = {
    method,
    path,
    tags: [...route.tags],
    summary,
    ...(description === undefined ? {} : { description }),
    security: SECURITY[route.access],
    parameters: [
      ...parametersOf('path', route.params, schemaOf),
      ...parametersOf('query', route.query, schemaOf),
      ...parametersOf('header', route.headers, schemaOf),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: body.required,
            content: { [body.contentType ?? 'application/json']: { schema: schemaOf(body.schema, 'input') } },
          },
        }),
    responses,
  }
  return { operation, named }
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => SchemaObject

function parametersOf(place: 'path' | 'query' | 'header', object: z.ZodObject | undefined, schemaOf: SchemaOf) {
  if (object === undefined) return []
  const { properties = {}, required = [] } = schemaOf(object, 'input') as {
    readonly properties?: Readonly<Record<string, SchemaObject>>
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(typeof description === 'string' ? { description } : {}),
      schema,
    }
  })
}

function responseOf(response: ResponseDescription, schemaOf: SchemaOf): RouteConfig['responses'][string] {
  const { description, content = {}, headers = {} } = response
  const header = (text: string) => ({ description: text, schema: { type: 'string' as const } })
  return {
    description,
    content: Object.fromEntries(
      Object.entries(content).map(([type, schema]) => [
        type,
        { schema: schema === undefined ? { type: 'string' as const } : schemaOf(schema, 'output') },
      ]),
    ),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, header(text)])),
  }
}

function byStatus(codes: readonly ErrorCode[]): Map<string, ErrorCode[]> {
  const found = new Map<string, ErrorCode[]>()
  for (const code of new Set(codes)) {
    const status = String(ERROR_CODES[code].status)
    found.set(status, [...(found.get(status) ?? []), code])
  }
  return found
}
