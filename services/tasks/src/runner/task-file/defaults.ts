import type { Json } from '@headway/protocol'
import type { Ajv } from 'ajv'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import { isRecord } from './is-record.js'

/** A default that its own schema refuses: where it is in the schema of the parameters, and why. */
export interface WrongDefault {
  readonly path: readonly string[]
  readonly message: string
}

const SCHEMA_KEY = 'params'

/**
 * Checks the defaults of properties, also of properties of properties. JSON Schema itself lets a default be anything, but each creation
 * without the parameter would then be refused for something that the client did not send.
 *
 * @param ajv without schemas so far
 */
export function wrongDefaults(schema: Readonly<Record<string, Json>>, ajv: Ajv | Ajv2020): WrongDefault[] {
  ajv.addSchema(schema, SCHEMA_KEY)
  return defaultsIn(schema, []).flatMap(({ path, value }) => {
    const pointer = path.map((name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')
    const validate = ajv.getSchema(`${SCHEMA_KEY}#${pointer}`)
    if (validate === undefined || validate(structuredClone(value)) === true) return []
    const { instancePath = '', message = 'does not fit' } = validate.errors?.[0] ?? {}
    const where = instancePath === '' ? '' : `${instancePath} `
    return [{ path: [...path, 'default'], message: `does not fit the schema that it stands in: ${where}${message}` }]
  })
}

function defaultsIn(schema: Json | undefined, path: readonly string[]): { path: readonly string[]; value: Json }[] {
  if (!isRecord(schema)) return []
  const own = path.length > 0 && schema['default'] !== undefined ? [{ path, value: schema['default'] }] : []
  const { properties } = schema
  if (!isRecord(properties)) return own
  return [...own, ...Object.entries(properties).flatMap(([name, property]) => defaultsIn(property, [...path, 'properties', name]))]
}
