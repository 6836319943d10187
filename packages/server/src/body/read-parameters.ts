import { HeadwayError } from '@headway/core'
import type { z } from 'zod'
import type { ServerContext } from '../context.js'
import { validate } from './validate.js'

/** See `ServerKit.readQuery`. */
export function readQuery<Schema extends z.ZodType>(c: ServerContext, schema: Schema): z.output<Schema> {
  const values: Record<string, string> = {}
  for (const [name, [value, ...others]] of Object.entries(c.req.queries())) {
    if (others.length > 0) {
      throw new HeadwayError('VALIDATION_ERROR', `Give "${name}" once.`, {
        fields: [{ pointer: `/${name}`, message: 'given more than once' }],
      })
    }
    if (value !== undefined) values[name] = value
  }
  return validate(schema, values, 'The query')
}

/** See `ServerKit.readParams`. */
export function readParams<Schema extends z.ZodType>(c: ServerContext, schema: Schema): z.output<Schema> {
  return validate(schema, c.req.param(), 'The path')
}
