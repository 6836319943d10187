import type { OutputUnit } from '@cfworker/json-schema'
import type { RJSFSchema } from '@rjsf/utils'

/** What is wrong, in words that say what to do. */
export function messageOf({ keyword, keywordLocation, error }: OutputUnit, schema: RJSFSchema): string {
  const limit = valueAt(schema, keywordLocation)
  switch (keyword) {
    case 'required':
      return 'is needed'
    case 'type':
      return `must be ${Array.isArray(limit) ? limit.join(' or ') : withArticle(String(limit))}`
    case 'enum':
      return Array.isArray(limit) ? `must be one of ${limit.map(String).join(', ')}` : error
    case 'pattern':
      return `must fit the pattern ${String(limit)}`
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${String(limit)} characters`
    case 'maxLength':
      return `must have at most ${String(limit)} characters`
    case 'minItems':
      return `must have at least ${String(limit)} ${limit === 1 ? 'item' : 'items'}`
    case 'maxItems':
      return `must have at most ${String(limit)} items`
    case 'minimum':
      return `must be ${String(limit)} or more`
    case 'maximum':
      return `must be ${String(limit)} or less`
    case 'additionalProperties':
    case 'unevaluatedProperties':
    case 'false':
      return 'is not known here'
    default:
      return error
  }
}

function withArticle(type: string): string {
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`
}

/** What stands at a keyword's location; references on the way are followed. */
function valueAt(schema: RJSFSchema, location: string): unknown {
  let at: unknown = schema
  for (const token of location.split('/').slice(1)) {
    const name = decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Record<string, unknown>)[name]
    if (name === '$ref' && typeof at === 'string') at = valueAt(schema, at)
  }
  return at
}
