// The types of the HTTP API, made from docs/api/openapi.yaml: what a program that calls it needs, and no more.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import { parse } from 'yaml'

const DESCRIPTION = new URL('../../../docs/api/openapi.yaml', import.meta.url)
const OXFMT = fileURLToPath(new URL('../../../node_modules/oxfmt/bin/oxfmt', import.meta.url))

/** The file of the types. */
export const API_TYPES = fileURLToPath(new URL('../src/generated/openapi.ts', import.meta.url))

const HEAD = `/* oxlint-disable max-lines -- generated */
// Made by \`npm run client:types\` from docs/api/openapi.yaml.

`

/** What openapi-typescript writes for a method or a parameter that there is not. */
const ABSENT = /^ +(readonly )?(get|put|post|delete|options|head|patch|trace|query|header|path|cookie|requestBody)\??: never;?\n/gm

/**
 * The text of the file.
 *
 * @returns {Promise<string>}
 */
export async function makeApiTypes() {
  const document = forTypes(parse(readFileSync(DESCRIPTION, 'utf8'), withoutExamples))
  const text = HEAD + astToString(await openapiTS(document, { immutable: true })).replace(ABSENT, '')
  return execFileSync(process.execPath, [OXFMT, '--stdin-filepath', API_TYPES], { input: text, encoding: 'utf8' })
}

/** Sockets are not called as the rest is; an error is a problem wherever it comes from; examples are for readers. */
function forTypes({ openapi, info, ...document }) {
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([, methods]) => !('101' in (methods.get?.responses ?? {}))))
  const problem = {
    description: 'What is wrong',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const good = Object.entries(operation.responses ?? {}).filter(([status]) => status < '400')
    for (const [, response] of good) delete response.headers
    if (operation.responses !== undefined) operation.responses = { ...Object.fromEntries(good), default: problem }
  }
  const { schemas } = document.components
  const used = usedSchemas(paths, schemas)
  return { openapi, info, paths, components: { schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))) } }
}

/** As `JSON.parse` takes it. A property that is called so has a schema, not a list. */
function withoutExamples(key, value) {
  return key === 'examples' && Array.isArray(value) ? undefined : value
}

/** The names of the schemas that something refers to, be it through another. */
function usedSchemas(paths, schemas) {
  const names = new Set()
  const waiting = [paths]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    for (const [, name] of JSON.stringify(value).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
      if (!names.has(name) && schemas[name] !== undefined) waiting.push(schemas[name])
      names.add(name)
    }
  }
  return names
}
