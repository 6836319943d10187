import { Validator } from '@cfworker/json-schema'
import type { OutputUnit, Schema } from '@cfworker/json-schema'
import { ErrorSchemaBuilder } from '@rjsf/utils'
import type { RJSFSchema, ValidatorType } from '@rjsf/utils'
import { messageOf } from './messages.js'

/** Something in a value that does not fit its schema. */
export interface Mistake {
  /** Where: a JSON pointer. */
  readonly pointer: string
  readonly message: string
}

/** What in a value does not fit a JSON Schema. Without `eval`, which the page's policy forbids and most validators need. */
export function mistakesIn(value: unknown, schema: RJSFSchema): Mistake[] {
  const { errors } = validatorOf(schema, false).validate(value)
  return errors.filter((error) => isLeaf(error, errors)).map((error) => mistakeOf(error, schema))
}

/**
 * Each keyword that holds others also tells of itself: only what they say in the end is of interest. And what is wrong in itself also counts
 * as not known, where a schema wants no unknown members.
 */
function isLeaf(error: OutputUnit, errors: readonly OutputUnit[]): boolean {
  const { keyword, keywordLocation, instanceLocation } = error
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return false
  const isAbout = (other: OutputUnit): boolean =>
    other.instanceLocation === instanceLocation || other.instanceLocation.startsWith(`${instanceLocation}/`)
  if (keyword === 'false') return !errors.some((other) => other !== error && other.keyword !== 'false' && isAbout(other))
  return !errors.some((other) => other.keywordLocation.startsWith(`${keywordLocation}/`))
}

function mistakeOf(error: OutputUnit, schema: RJSFSchema): Mistake {
  const pointer = decodeURI(error.instanceLocation.replace(/^#/, ''))
  const missing = error.keyword === 'required' ? /"(.*)"/.exec(error.error)?.[1] : undefined
  return { pointer: missing === undefined ? pointer : `${pointer}/${escapeToken(missing)}`, message: messageOf(error, schema) }
}

function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The members on the way that a JSON pointer says. */
export function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** A schema is compiled once; what a form asks for its parts, many times. */
const compiled = new WeakMap<object, Validator>()

function validatorOf(schema: RJSFSchema, shortCircuit: boolean): Validator {
  const kept = shortCircuit ? compiled.get(schema) : undefined
  if (kept !== undefined) return kept
  const draft = schema.$schema?.includes('draft-07') === true ? '7' : '2020-12'
  const made = new Validator(schema as Schema, draft, shortCircuit)
  if (shortCircuit) compiled.set(schema, made)
  return made
}

/** The validator as the forms want it. */
export const validator: ValidatorType = {
  // Our forms have no checks or messages besides those of the schema.
  validateFormData(formData, schema) {
    const mistakes = mistakesIn(formData ?? {}, schema)
    const builder = new ErrorSchemaBuilder()
    for (const { pointer, message } of mistakes) builder.addErrors(message, tokensOf(pointer))
    const errors = mistakes.map(({ pointer, message }) => ({ message, stack: `${tokensOf(pointer).join(', ')}: ${message}` }))
    return { errors, errorSchema: builder.ErrorSchema }
  },
  isValid(schema, formData, rootSchema) {
    // A part of a schema refers to the definitions of the whole.
    const { $defs, definitions } = rootSchema as { $defs?: unknown; definitions?: unknown }
    const whole = { ...schema, ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }) } as RJSFSchema
    return validatorOf(whole, true).validate(formData).valid
  },
  rawValidation(schema, formData) {
    return { errors: mistakesIn(formData, schema) as never[] }
  },
}
