import type { RJSFSchema } from '@rjsf/utils'
import { expect, test } from 'vitest'
import { withJsonParts } from '../src/new-job/schema/json-parts.js'

const JSON_SCHEMA: RJSFSchema = {
  anyOf: [
    { type: 'string' },
    { type: 'number' },
    { type: 'array', items: { $ref: '#/$defs/json' } },
    { type: 'object', additionalProperties: { $ref: '#/$defs/json' } },
  ],
}

test('parts of a schema that may hold themselves or anything are typed as JSON, all others have fields', () => {
  const shown = withJsonParts({
    type: 'object',
    properties: {
      name: { type: 'string' },
      events: { type: 'array', items: { $ref: '#/$defs/json', title: 'Event' } },
      place: { $ref: '#/$defs/place' },
      any: { description: 'Whatever it is' },
    },
    required: ['name'],
    $defs: { json: JSON_SCHEMA, place: { type: 'object', properties: { row: { type: 'integer' } } } },
  })
  expect(shown.schema).toMatchObject({
    type: 'object',
    properties: { name: { type: 'string' }, events: { type: 'array', items: { title: 'Event' } }, place: { $ref: '#/$defs/place' } },
    required: ['name'],
  })
  expect(shown.schema.properties?.['events']).not.toHaveProperty('items.$ref')
  expect(shown.uiSchema).toEqual({
    name: {},
    events: { items: { 'ui:field': 'json' } },
    place: {},
    any: { 'ui:field': 'json' },
  })
})

test('an input that may be anything, or holds itself as a whole, is one field', () => {
  const schemas: RJSFSchema[] = [
    {},
    { $ref: '#/$defs/json', $defs: { json: JSON_SCHEMA } },
    { type: 'object', properties: { inner: { $ref: '#' } } },
  ]
  for (const schema of schemas) {
    expect(withJsonParts(schema).uiSchema).toEqual({ 'ui:field': 'json' })
  }
})
