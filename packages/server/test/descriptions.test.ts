import type { Json } from '@headway/protocol'
import { addRoute, messageOf, nameSchema } from '@headway/server'
import type { ChannelDescription, Service } from '@headway/server'
import { expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { startServer } from './support/start.js'

interface Tree {
  readonly name: string
  readonly children: readonly Tree[]
}
const treeSchema: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), children: z.array(treeSchema) }))
const strictSchema = z.strictObject({ size: z.int().default(3), tree: treeSchema })
const answerSchema = z.strictObject({ size: z.int(), tree: treeSchema.nullable() })
nameSchema('GrownTree', answerSchema, { description: 'A tree', example: { size: 3, tree: null } })

const tick = z.object({ at: z.int() }).meta({ description: 'Time goes by', examples: [{ at: 1 }] })
const bye = z.object({}).meta({ description: 'The last message', examples: [{}] })

const trees: ChannelDescription = {
  name: 'trees',
  transport: 'sse',
  path: '/trees/{id}',
  tags: ['Trees'],
  title: 'How trees grow',
  description: 'For ever.',
  access: 'job',
  params: z.object({ id: z.string() }),
  sends: [messageOf('TreeTick', tick, { event: 'tick' }), messageOf('TreeBye', bye, { event: 'tree:bye', hasId: false })],
}

const service: Service = {
  name: 'trees',
  jobTypes: [],
  paths: ['/trees'],
  tags: [{ name: 'Trees', description: 'Trees' }],
  channels: [trees],
  mount(app) {
    addRoute(
      app,
      {
        method: 'post',
        path: '/trees',
        tags: ['Trees'],
        summary: 'Grow',
        access: 'optional',
        body: { schema: strictSchema, required: true },
        responses: { 200: { description: 'It grew', content: { 'application/json': answerSchema } } },
      },
      (c) => c.json({ size: 3, tree: null }),
    )
    addRoute(
      app,
      {
        method: 'get',
        path: '/trees/{id}',
        tags: ['Trees'],
        summary: 'Watch',
        access: 'job',
        responses: { 200: { description: 'The stream', content: { 'text/event-stream': trees } } },
      },
      (c) => c.body(null),
    )
  },
}

async function describe(): Promise<{ readonly openApi: Any; readonly asyncApi: Any; readonly yaml: Any }> {
  const { url, stop } = await startServer({ services: [service] })
  onTestFinished(stop)
  const text = async (path: string): Promise<string> => (await fetch(`${url}${path}`)).text()
  return {
    openApi: JSON.parse(await text('/openapi.json')) as Any,
    yaml: parse(await text('/docs/api/openapi.yaml')) as Any,
    asyncApi: parse(await text('/docs/api/asyncapi.yaml')) as Any,
  }
}

type Any = Readonly<Record<string, Json>>

it('is the same as JSON and as YAML', async () => {
  const { openApi, yaml } = await describe()
  expect(yaml).toEqual(openApi)
})

it('says what a request may have, and leaves room for more in what is answered', async () => {
  const { openApi } = await describe()
  const body = at(openApi, 'paths', '/trees', 'post', 'requestBody', 'content', 'application/json', 'schema')
  expect(body).toMatchObject({ additionalProperties: false, required: ['tree'], properties: { size: { type: 'integer', default: 3 } } })
  const answer = at(openApi, 'components', 'schemas', 'GrownTree')
  expect(answer).toMatchObject({ required: ['size', 'tree'], description: 'A tree', example: { size: 3, tree: null } })
  expect(answer).not.toHaveProperty('additionalProperties')
})

it('gives recursive schemas names, so that references lead somewhere', async () => {
  const { openApi } = await describe()
  const references = [...JSON.stringify(openApi).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name)
  expect(references.some((name) => name.startsWith('Recursive'))).toBe(true)
  const schemas = Object.keys(at(openApi, 'components', 'schemas') as object)
  expect(schemas).toEqual(expect.arrayContaining(references))
})

it('describes a stream by its messages, what it takes, and that it may have nothing more to say', async () => {
  const { openApi, asyncApi } = await describe()
  const operation = at(openApi, 'paths', '/trees/{id}', 'get')
  expect(operation).toMatchObject({
    security: [{ apiKey: [] }, { jobToken: [] }, { ticket: [] }],
    parameters: [{ name: 'after' }, { name: 'ticket' }, { name: 'Last-Event-ID' }],
  })
  expect(Object.keys(at(operation, 'responses') as object)).toEqual(expect.arrayContaining(['200', '204', '401', '403', '429', '500']))
  expect(at(operation, 'responses', '200', 'content', 'text/event-stream')).toEqual({
    schema: { $ref: '#/components/schemas/TreesMessage' },
    example: 'event: tick\nid: 1\ndata: {"at":1}\n\nevent: tree:bye\ndata: {}\n\n',
  })
  expect(at(asyncApi, 'channels', 'trees')).toMatchObject({ address: '/trees/{id}', messages: { TreeTick: {}, TreeBye: {} } })
  expect(at(asyncApi, 'operations', 'sendTrees')).toMatchObject({ action: 'send', bindings: { http: { method: 'GET' } } })
  expect(at(asyncApi, 'components', 'messages', 'TreeTick')).toMatchObject({
    title: 'Time goes by',
    headers: { properties: { event: { const: 'tick' }, id: {} }, required: ['event'] },
    examples: [{ headers: { event: 'tick' }, payload: { at: 1 } }],
  })
})

it('says that a key may be sent where none is needed', async () => {
  const { openApi } = await describe()
  const operation = at(openApi, 'paths', '/trees', 'post')
  expect(operation).toMatchObject({ security: [{}, { apiKey: [] }] })
  expect(Object.keys(at(operation, 'responses') as object)).toEqual(expect.arrayContaining(['200', '401', '413', '415']))
})

it('refuses a message without a description or an example', () => {
  expect(() => messageOf('Nothing', z.object({}))).toThrow(/needs a description and an example/)
})

function at(value: Json | undefined, ...steps: readonly string[]): Json {
  const found = steps.reduce<Json | undefined>((part, step) => (part as Any | undefined)?.[step], value)
  if (found === undefined) throw new Error(`There is no ${steps.join(' ')}.`)
  return found
}
