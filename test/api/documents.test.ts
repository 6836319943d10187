import { Validator } from '@seriousme/openapi-schema-validator'
import asyncApiSpecs from '@asyncapi/specs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { makeApiDocs } from '../../scripts/lib/api-docs.mjs'
import { schemaChecker } from './support/check-schema.js'
import { committedAsyncApi, committedOpenApi, committedText, operationsOf, pointed, references, resolved } from './support/documents.js'
import type { MediaType, OpenApi } from './support/documents.js'
import { jsonLines, streamMessages } from './support/stream-text.js'

/** What browsers show needs no example. */
const PAGES = ['text/html', 'text/css', 'text/javascript']

test('the committed descriptions are those that the server gives', async () => {
  const made = await makeApiDocs()
  for (const [name, text] of Object.entries(made)) {
    expect(await committedText(name), `docs/api/${name} is not up to date: npm run api:docs`).toBe(text)
  }
})

test('openapi.yaml is valid OpenAPI 3.0.3', async () => {
  const document = await committedOpenApi()
  expect(document.openapi).toBe('3.0.3')
  expect(await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>)).toEqual({ valid: true })
})

test('asyncapi.yaml is valid AsyncAPI 3.0.0', async () => {
  const document = await committedAsyncApi()
  expect(document.asyncapi).toBe('3.0.0')
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false, meta: false }).compile(
    asyncApiSpecs.schemas['3.0.0'] as object,
  )
  expect(validate(document), JSON.stringify(validate.errors?.slice(0, 5))).toBe(true)
})

test.each([
  ['openapi.yaml', committedOpenApi],
  ['asyncapi.yaml', committedAsyncApi],
])('every reference of %s leads somewhere', async (_name, load) => {
  const document = await load()
  for (const reference of new Set(references(document))) expect(pointed(document, reference), reference).toBeDefined()
})

test('every operation says what it is for, is of a known group, and has a name of its own', async () => {
  const document = await committedOpenApi()
  const tags = document.tags.map(({ name }) => name)
  const operations = operationsOf(document)
  for (const { method, path, operation } of operations) {
    expect(operation.summary, `${method} ${path}`).toBeTruthy()
    expect(tags, `${method} ${path}`).toEqual(expect.arrayContaining([...operation.tags]))
  }
  const ids = operations.map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
})

test('every parameter of a path is described, and every other parameter says what it is', async () => {
  const missing: string[] = []
  for (const { method, path, operation } of operationsOf(await committedOpenApi())) {
    const names = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
    expect(names, `${method} ${path}`).toEqual([...path.matchAll(/\{(.+?)\}/g)].map(([, name]) => name))
    for (const { name, description } of operation.parameters) if (description === undefined) missing.push(`${method} ${path}: ${name}`)
  }
  for (const [name, { address, parameters = {} }] of Object.entries((await committedAsyncApi()).channels)) {
    expect(Object.keys(parameters), name).toEqual([...address.matchAll(/\{(.+?)\}/g)].map(([, parameter]) => parameter))
  }
  expect(missing).toEqual([])
})

test('every body has an example, and every example of openapi.yaml fits its schema', async () => {
  const document = await committedOpenApi()
  const check = schemaChecker(document)
  const misfits: string[] = []
  const look = (where: string, { schema, values }: ReturnType<typeof examplesOf>): void => {
    if (values.length === 0) misfits.push(`${where}: there is no example`)
    for (const value of values) misfits.push(...check(schema, value).map((misfit) => `${where}: ${misfit}`))
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    if (schema.example !== undefined) look(name, { schema, values: [schema.example] })
  }
  for (const { method, path, operation } of operationsOf(document)) {
    for (const { name, schema, example } of operation.parameters) {
      if (example !== undefined) look(`${method} ${path} ${name}`, { schema, values: [example] })
    }
    const bodies = [
      ...Object.entries(operation.requestBody?.content ?? {}),
      ...Object.values(operation.responses).flatMap((response) => Object.entries(resolved(document, response).content ?? {})),
    ]
    for (const [type, media] of bodies.filter(([type]) => !PAGES.includes(type)))
      look(`${method} ${path} ${type}`, examplesOf(document, type, media))
  }
  expect(misfits).toEqual([])
})

test('every message of asyncapi.yaml has examples that fit its schema', async () => {
  const document = await committedAsyncApi()
  const check = schemaChecker(document)
  for (const [name, { payload, examples }] of Object.entries(document.components.messages)) {
    expect(examples.length, name).toBeGreaterThan(0)
    for (const example of examples) expect(check(payload, example.payload), name).toEqual([])
  }
})

test('every stream and socket of openapi.yaml is a channel of asyncapi.yaml, and the other way round', async () => {
  const isStream = ({ operation }: ReturnType<typeof operationsOf>[number]): boolean =>
    '101' in operation.responses || Object.values(operation.responses).some(({ content = {} }) => 'text/event-stream' in content)
  const described = operationsOf(await committedOpenApi()).filter(isStream)
  const channels = Object.values((await committedAsyncApi()).channels)
  expect(channels.map(({ address }) => address).toSorted()).toEqual(described.map(({ path }) => path).toSorted())
})

/** The examples of a body: those of the media type, else that of its schema. Of a stream, its messages. */
function examplesOf(document: OpenApi, type: string, { schema, example, examples = {} }: MediaType) {
  const own = example === undefined ? Object.values(examples).map((part) => resolved(document, part).value) : [example]
  const [fallback] = own.length > 0 ? [] : [resolved(document, schema).example].filter((value) => value !== undefined)
  const values = own.length > 0 ? own : fallback === undefined ? [] : [fallback]
  if (type === 'text/event-stream') return { schema, values: values.flatMap((text) => streamMessages(String(text))) }
  if (type === 'application/x-ndjson') return { schema, values: values.flatMap((text) => jsonLines(String(text))) }
  return { schema, values }
}
