import type { Json } from '@headway/protocol'
import { isRecord } from './is-record.js'

type Schema = Readonly<Record<string, Json>>

/** What a value must be for a keyword that plain schemas have. */
const isText = (value: Json): boolean => typeof value === 'string'
const isNumber = (value: Json): boolean => typeof value === 'number' && Number.isFinite(value)
const isLength = (value: Json): boolean => Number.isSafeInteger(value) && (value as number) >= 0

const ROOT_KEYWORDS: Readonly<Record<string, (value: Json) => boolean>> = {
  type: (value) => value === 'object',
  title: isText,
  description: isText,
  required: (value) => areDistinct(value, isText),
  properties: (value) => isRecord(value) && !Object.hasOwn(value, '__proto__') && Object.values(value).every(isPlainParameter),
}

const PARAMETER_KEYWORDS: typeof ROOT_KEYWORDS = {
  type: (value) => ['string', 'number', 'integer', 'boolean'].includes(value as string),
  title: isText,
  description: isText,
  enum: (value) => areDistinct(value, isScalar) && (value as Json[]).length > 0,
  pattern: (value) => typeof value === 'string' && isPattern(value),
  minLength: isLength,
  maxLength: isLength,
  minimum: isNumber,
  maximum: isNumber,
  default: isScalar,
}

/**
 * Whether the schema of a task type's parameters says so little that it is right beyond doubt, defaults included: parameters of one scalar
 * type each, with the usual limits. Such a schema need not be compiled to know that it can be. Of any other only a compiler can tell.
 */
export function isPlainSchema(schema: Schema): boolean {
  if (!('type' in schema) || !hasOnly(schema, ROOT_KEYWORDS)) return false
  const { properties = {}, required = [] } = schema
  return (required as Json[]).every((name) => Object.hasOwn(properties as Schema, name as string))
}

function isPlainParameter(schema: Json): boolean {
  if (!isRecord(schema) || !('type' in schema) || !hasOnly(schema, PARAMETER_KEYWORDS)) return false
  return schema['default'] === undefined || fits(schema, schema['default'])
}

function hasOnly(schema: Schema, keywords: typeof ROOT_KEYWORDS): boolean {
  return Object.entries(schema).every(([keyword, value]) => Object.hasOwn(keywords, keyword) && keywords[keyword]?.(value) === true)
}

/** Whether a scalar fits a plain parameter. */
function fits(schema: Schema, value: Json): boolean {
  const { type, enum: values, pattern, minLength = 0, maxLength = Infinity, minimum = -Infinity, maximum = Infinity } = schema
  if (type === 'integer' ? !Number.isInteger(value) : typeof value !== type) return false
  if (Array.isArray(values) && !values.includes(value)) return false
  if (typeof value === 'number') return value >= Number(minimum) && value <= Number(maximum)
  if (typeof value !== 'string') return true
  // JSON Schema counts characters, and not halves of them.
  const { length } = Array.from(value)
  return length >= Number(minLength) && length <= Number(maxLength) && (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(value))
}

function areDistinct(value: Json, isGood: (item: Json) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isGood(item as Json)) && new Set(value).size === value.length
}

function isScalar(value: Json): boolean {
  return isText(value) || isNumber(value) || typeof value === 'boolean'
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}
