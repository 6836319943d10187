// The types of the HTTP API, made from docs/api/openapi.yaml: what a program that calls it needs, and no more.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { parse } from 'yaml'

const DESCRIPTION = new URL('../../../docs/api/openapi.yaml', import.meta.url)
const OXFMT = fileURLToPath(new URL('../../../node_modules/oxfmt/bin/oxfmt', import.meta.url))

/** The file of the types. */
export const API_TYPES = fileURLToPath(new URL('../src/generated/openapi.ts', import.meta.url))

const HEAD = `/* oxlint-disable max-lines -- generated */
// Made by \`npm run client:types\` from docs/api/openapi.yaml.

`

/** Messages of streams, which no answer refers to. */
const MESSAGES = ['CompileStreamMessage', 'TaskStreamData', 'ImportStreamMessage', 'ProgressSocketServerMessage']

/** Files of forms. */
const BLOB = ts.factory.createTypeReferenceNode('Blob')

/** What openapi-typescript writes for a method or a parameter that there is not. */
const ABSENT = /^ +(readonly )?(get|put|post|delete|options|head|patch|trace|query|header|path|cookie|requestBody)\??: never;?\n/gm

/**
 * The text of the file.
 *
 * @returns {Promise<string>}
 */
export async function makeApiTypes() {
  const document = forTypes(parse(readFileSync(DESCRIPTION, 'utf8'), withoutExamples))
  const text =
    HEAD +
    astToString(
      await openapiTS(document, { immutable: true, transform: ({ format }) => (format === 'binary' ? BLOB : undefined) }),
    ).replace(ABSENT, '')
  return execFileSync(process.execPath, [OXFMT, '--stdin-filepath', API_TYPES], { input: text, encoding: 'utf8' })
}

/** Sockets are not called as the rest is; an error is the same whatever its status; examples are for readers. */
function forTypes({ openapi, info, ...document }) {
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([, methods]) => !('101' in (methods.get?.responses ?? {}))))
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const good = Object.entries(operation.responses ?? {}).filter(([status]) => status < '400')
    for (const [, response] of good) delete response.headers
    if (operation.responses !== undefined) operation.responses = { ...Object.fromEntries(good), default: errorOf(operation.responses) }
  }
  const { schemas } = document.components
  const used = usedSchemas([paths, MESSAGES.map((name) => `#/components/schemas/${name}`)], schemas)
  return { openapi, info, paths, components: { schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))) } }
}

/** How the service of an operation says what is wrong: the part of a response's name before its codes. */
function errorOf(responses) {
  const { $ref = '' } = Object.values(responses).find(({ $ref }) => $ref !== undefined) ?? {}
  const name = /responses\/([^.]+)\./.exec($ref)?.[1] ?? 'Problem'
  return { description: 'What is wrong', content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } } }
}

/** As `JSON.parse` takes it. A property that is called so has a schema, not a list. */
function withoutExamples(key, value) {
  return key === 'examples' && Array.isArray(value) ? undefined : value
}

/** The names of the schemas that something refers to, be it through another. */
function usedSchemas(roots, schemas) {
  const names = new Set()
  const waiting = [...roots]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    for (const [, name] of JSON.stringify(value).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
      if (!names.has(name) && schemas[name] !== undefined) waiting.push(schemas[name])
      names.add(name)
    }
  }
  return names
}
