// npm run client:types: writes src/generated/openapi.ts.
import { writeFileSync } from 'node:fs'
import { API_TYPES, makeApiTypes } from './api-types.mjs'

writeFileSync(API_TYPES, await makeApiTypes())
