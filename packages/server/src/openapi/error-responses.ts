import { ERROR_CODES, problemSchema } from '@headway/protocol'
import type { ErrorCode, Problem } from '@headway/protocol'
import { PROBLEM_CONTENT_TYPE } from '../errors/problem.js'
import { exampleProblem } from './error-examples.js'
import { nameSchema } from './json-schema.js'
import type { SchemaObject } from './json-schema.js'
import type { Parts } from './parts.js'
import type { ErrorBodyDescription } from './route-description.js'

nameSchema('Problem', problemSchema, { description: 'A problem document (RFC 9457) with a stable `code`' })

export const PROBLEM_BODY: ErrorBodyDescription = { contentType: PROBLEM_CONTENT_TYPE, schema: problemSchema }

const text = (description: string, example: string): SchemaObject => ({ description, schema: { type: 'string' }, example })
const RETRY_AFTER = { 'Retry-After': text('After how many seconds another try makes sense', '60') }

/** Header fields that errors of a status have. */
const HEADERS: Readonly<Record<string, Readonly<Record<string, SchemaObject>>>> = {
  401: { 'WWW-Authenticate': text('How to say who asks (RFC 6750)', 'Bearer realm="headway"') },
  405: { Allow: text('The methods that this path knows', 'GET, HEAD, OPTIONS') },
  426: { Upgrade: text('What to ask for', 'websocket') },
  429: {
    ...RETRY_AFTER,
    'RateLimit-Policy': text('The limit: requests (q) in a window of seconds (w)', '"api";q=600;w=60'),
    RateLimit: text('Where the caller stands: requests left (r), seconds until it starts anew (t)', '"api";r=0;t=60'),
  },
  503: RETRY_AFTER,
}

/** The answers of an operation that goes wrong, by status. @param bodies how they may look, each of a content type of its own */
export function errorResponses(
  parts: Parts,
  codes: readonly ErrorCode[],
  bodies: readonly ErrorBodyDescription[] = [PROBLEM_BODY],
): Record<string, SchemaObject> {
  return Object.fromEntries(
    [...byStatus(codes)].map(([status, of]) => [
      status,
      parts.share('responses', [...bodies.map((body) => nameOf(parts, body)), ...of].join('.'), () =>
        errorResponse(parts, status, of, bodies),
      ),
    ]),
  )
}

function errorResponse(parts: Parts, status: string, codes: readonly ErrorCode[], bodies: readonly ErrorBodyDescription[]): SchemaObject {
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}`).join('; '),
    ...(HEADERS[status] && { headers: HEADERS[status] }),
    content: Object.fromEntries(bodies.map((body) => [body.contentType, errorMedia(parts, codes, body)])),
  }
}

function errorMedia(parts: Parts, codes: readonly ErrorCode[], body: ErrorBodyDescription): SchemaObject {
  const { schema, example = (problem: Problem): unknown => problem } = body
  const examples = codes.map((code) => [
    code,
    parts.share('examples', `${nameOf(parts, body)}.${code}`, () => ({
      summary: ERROR_CODES[code].title,
      value: example(exampleProblem(code)),
    })),
  ])
  return { schema: parts.schemas.write(schema, 'output'), examples: Object.fromEntries(examples) as object }
}

/** Errors of one look share their answers: the name of their schema says which look it is. @throws Error when it has no name */
function nameOf(parts: Parts, { schema }: ErrorBodyDescription): string {
  const { $ref } = parts.schemas.write(schema, 'output')
  if (typeof $ref !== 'string') throw new Error('The schema of an error body needs a name (nameSchema).')
  return $ref.slice($ref.lastIndexOf('/') + 1)
}

function byStatus(codes: readonly ErrorCode[]): Map<string, ErrorCode[]> {
  const found = new Map<string, ErrorCode[]>()
  for (const code of [...new Set(codes)].toSorted()) {
    const status = String(ERROR_CODES[code].status)
    found.set(status, [...(found.get(status) ?? []), code])
  }
  return found
}
