import { Validator } from '@cfworker/json-schema'
import type { OutputUnit, Schema } from '@cfworker/json-schema'
import { toErrorSchema, unwrapErrorHandler, validationDataMerge, createErrorHandler } from '@rjsf/utils'
import type { RJSFSchema, RJSFValidationError, ValidatorType } from '@rjsf/utils'
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

/** Each keyword that holds others also tells of itself: only what they say in the end is of interest. */
function isLeaf({ keywordLocation }: OutputUnit, errors: readonly OutputUnit[]): boolean {
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
  validateFormData(formData, schema, customValidate, transformErrors, uiSchema) {
    let errors: RJSFValidationError[] = mistakesIn(formData ?? {}, schema).map(({ pointer, message }) => ({
      // As lodash writes a path; every member in brackets, for it may have any name.
      property: tokensOf(pointer)
        .map((token) => (/^\d+$/.test(token) ? `[${token}]` : `[${JSON.stringify(token)}]`))
        .join(''),
      message,
      stack: `${tokensOf(pointer).join(', ')}: ${message}`,
    }))
    if (transformErrors !== undefined) errors = transformErrors(errors, uiSchema)
    const found = { errors, errorSchema: toErrorSchema(errors) }
    if (customValidate === undefined) return found
    const handler = customValidate(formData, createErrorHandler(formData), uiSchema, found.errorSchema)
    return validationDataMerge(found, unwrapErrorHandler(handler))
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
