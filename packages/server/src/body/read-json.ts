import { HeadwayError } from '@headway/core'
import type { z } from 'zod'
import type { ServerContext } from '../context.js'
import type { ReadBodyOptions } from '../kit.js'
import { parseJson } from './parse-json.js'
import { readBody } from './read-body.js'
import { validate } from './validate.js'

const JSON_TYPE = /^application\/([a-z0-9.+-]+\+)?json$/
/** ASCII is a part of UTF-8. */
const UTF_8 = /^charset="?(utf-?8|us-ascii)"?$/

/** See `ServerKit.readJson`. */
export async function readJson<Schema extends z.ZodType>(
  c: ServerContext,
  schema: Schema,
  options: ReadBodyOptions & { readonly maxBytes: number },
): Promise<z.output<Schema>> {
  const { incoming } = c.env
  if (mayHaveBody(c)) requireJsonType(c)
  const bytes = await readBody(incoming, options.maxBytes)
  const value = await (options.parse?.(bytes) ?? parseJson(bytes, options.emptyAs))
  return validate(schema, value, 'The body')
}

/** Without either header there is no body (RFC 9112, 6.3), and its type does not matter. */
function mayHaveBody(c: ServerContext): boolean {
  const { headers } = c.env.incoming
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function requireJsonType(c: ServerContext): void {
  const { headers } = c.env.incoming
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim().toLowerCase())
  if (!JSON_TYPE.test(type)) {
    throw new HeadwayError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as JSON, with Content-Type: application/json.')
  }
  if (parameters.some((parameter) => parameter.startsWith('charset=') && !UTF_8.test(parameter))) {
    throw new HeadwayError('UNSUPPORTED_MEDIA_TYPE', 'Send the body in UTF-8: JSON has no other encoding (RFC 8259, 8.1).')
  }
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw new HeadwayError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as it is: compressed bodies are not taken.')
  }
}
