import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { API_TYPES, makeApiTypes } from '../scripts/api-types.mjs'

test('the types of the API are those of docs/api/openapi.yaml', async () => {
  expect(readFileSync(API_TYPES, 'utf8'), 'run `npm run client:types`').toBe(await makeApiTypes())
})
