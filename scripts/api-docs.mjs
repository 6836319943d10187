// npm run api:docs: writes docs/api/openapi.yaml and docs/api/asyncapi.yaml.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { API_DOCS, makeApiDocs } from './lib/api-docs.mjs'

mkdirSync(API_DOCS, { recursive: true })
for (const [name, text] of Object.entries(await makeApiDocs())) {
  writeFileSync(join(API_DOCS, name), text)
  process.stdout.write(`docs/api/${name}: ${text.split('\n').length - 1} lines\n`)
}
