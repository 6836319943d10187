import { HeadwayError } from '@headway/core'
import type { FieldError, Json } from '@headway/protocol'
import { Ajv } from 'ajv'
import type { ErrorObject, Options, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { wrongDefaults } from './defaults.js'
import type { WrongDefault } from './defaults.js'
import { isPlainSchema } from './plain-schema.js'
import { MAX_FIELD_ERRORS, MAX_FULLY_CHECKED_UNITS } from '../limits.js'

export type Params = Readonly<Record<string, Json>>

const OPTIONS: Options = {
  useDefaults: true,
  strict: true,
  strictTypes: false,
  strictTuples: false,
  allowUnionTypes: true,
  logger: false,
}

/** Checks what a creation sends against a task type's JSON Schema. */
export class ParamsCheck {
  /** The schema as it is applied: what it does not name is refused. */
  readonly schema: Readonly<Record<string, Json>>
  /** Defaults that do not fit the schema they stand in. */
  readonly wrongDefaults: readonly WrongDefault[]
  readonly #type: string
  /** Stops at the first mistake. */
  #validateQuickly: ValidateFunction | undefined
  /** Finds every mistake, which costs time and memory for each; made when the first one is made. */
  #validateFully: ValidateFunction | undefined
  readonly #compile: (options: Options) => ValidateFunction

  /**
   * @param schema JSON Schema, 2020-12 unless its `$schema` names draft-07. A misspelt parameter would start the wrong work, so what it
   *   does not name is refused, unless it has `additionalProperties` of its own.
   * @throws Error when the schema itself is wrong
   */
  constructor(type: string, schema: Readonly<Record<string, Json>>) {
    const isDraft7 = typeof schema['$schema'] === 'string' && schema['$schema'].includes('draft-07')
    const closing = isDraft7 ? 'additionalProperties' : 'unevaluatedProperties'
    const isOpen = 'additionalProperties' in schema || 'unevaluatedProperties' in schema
    this.#type = type
    this.schema = isOpen ? schema : { ...schema, [closing]: false }
    this.#compile = (options) => makeAjv(isDraft7, options).compile(this.schema)
    this.wrongDefaults = []
    // To compile the schemas of a usual task file takes a third of a second, and many a server runs few of its types.
    if (isPlainSchema(schema)) return
    assertValidSchema(isDraft7, this.schema)
    this.#validateQuickly = this.#compile(OPTIONS)
    this.wrongDefaults = wrongDefaults(this.schema, makeAjv(isDraft7, { strict: false, logger: false }))
  }

  /**
   * The parameters, with defaults filled in.
   *
   * @throws HeadwayError VALIDATION_ERROR with at most 50 mistakes, only the first one where the parameters are large
   */
  check(input: unknown): Params {
    const params: unknown = structuredClone(input)
    const fields = this.#quick()(params) ? unfitTexts(params as Json, '') : this.#mistakes(input)
    if (fields.length === 0) return params as Params
    throw new HeadwayError('VALIDATION_ERROR', `The parameters do not fit the task type "${this.#type}".`, {
      fields: fields.slice(0, MAX_FIELD_ERRORS),
    })
  }

  #quick(): ValidateFunction {
    return (this.#validateQuickly ??= this.#compile(OPTIONS))
  }

  /** What is wrong with parameters that do not fit. */
  #mistakes(input: unknown): FieldError[] {
    const isLarge = JSON.stringify(input).length > MAX_FULLY_CHECKED_UNITS
    const validate = isLarge ? this.#quick() : (this.#validateFully ??= this.#compile({ ...OPTIONS, allErrors: true }))
    validate(structuredClone(input))
    return fieldErrors(validate.errors ?? [])
  }
}

/** For one schema whose own correctness is known: an instance each, so that names in one schema never meet those of another. */
function makeAjv(isDraft7: boolean, options: Options): Ajv | Ajv2020 {
  const known: Options = { ...options, meta: false, validateSchema: false }
  const ajv = isDraft7 ? new Ajv(known) : new Ajv2020(known)
  addFormats.default(ajv)
  return ajv
}

/** The drafts' schemas of schemas are large: each is compiled once, when it is needed. */
const metaSchemas = new Map<boolean, Ajv | Ajv2020>()

/** @throws Error that says what is wrong with the schema itself */
function assertValidSchema(isDraft7: boolean, schema: Readonly<Record<string, Json>>): void {
  let ajv = metaSchemas.get(isDraft7)
  if (ajv === undefined) {
    ajv = isDraft7 ? new Ajv({ logger: false }) : new Ajv2020({ logger: false })
    metaSchemas.set(isDraft7, ajv)
  }
  // A promise only for schemas of schemas that are asynchronous, which those of the drafts are not.
  void ajv.validateSchema(schema, true)
}

function fieldErrors(errors: readonly ErrorObject[]): FieldError[] {
  return errors.map(({ instancePath, keyword, params, message }) => {
    const { additionalProperty, unevaluatedProperty, missingProperty, allowedValues } = params as Record<string, unknown>
    const unknown = additionalProperty ?? unevaluatedProperty
    if (typeof unknown === 'string')
      return { pointer: `${instancePath}/${escapePointer(unknown)}`, message: 'is not a parameter of this task type' }
    if (typeof missingProperty === 'string') return { pointer: `${instancePath}/${escapePointer(missingProperty)}`, message: 'is missing' }
    if (Array.isArray(allowedValues))
      return { pointer: instancePath, message: `must be one of ${allowedValues.map((value) => JSON.stringify(value)).join(', ')}` }
    return { pointer: instancePath, message: message ?? `does not fit "${keyword}"` }
  })
}

/** Half of a pair that UTF-16 writes other characters with: nothing that bytes could say. */
const LONE_SURROGATE = /\p{Surrogate}/u

/** Texts that no program could get as they are. */
function unfitTexts(value: Json, pointer: string): FieldError[] {
  if (typeof value === 'string') {
    if (value.includes('\0')) return [{ pointer, message: 'must not contain a NUL character' }]
    return LONE_SURROGATE.test(value) ? [{ pointer, message: 'must not contain half of a surrogate pair' }] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => unfitTexts(member as Json, `${pointer}/${escapePointer(key)}`))
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
