import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { configurationOf, start } from '../support/start.js'

const ROUTES = ['/compile', '/compile/stream', '/compile/async'] as const

/** Nothing is ever compiled there. */
const shared = onceForTests((atEnd) => start({ atEnd }))

test.each([
  ['no sources', { name: 'x', sources: [] }, '/configuration/sources'],
  ['no name', { sources: [{ source: 'a' }] }, '/configuration/name'],
  ['an unknown key', { name: 'x', sources: [{ source: 'a' }], transformation: [] }, '/configuration/transformation'],
  ['an unknown key of a source', { name: 'x', sources: [{ source: 'a', url: 'b' }] }, '/configuration/sources/0/url'],
  ['an unknown transformation', { name: 'x', sources: [{ source: 'a' }], transformations: ['Sort'] }, '/configuration/transformations/0'],
  [
    'two of the Validate family',
    { name: 'x', sources: [{ source: 'a' }], transformations: ['Validate', 'ValidateAllowIp'] },
    '/configuration/transformations',
  ],
  ['a text', 'x', '/configuration'],
  ['nothing', undefined, '/configuration'],
])('%s: every route refuses it and points to the field', async (_, configuration, pointer) => {
  const server = shared()
  for (const route of ROUTES) {
    const answer = await server.ask(route, { json: { configuration } })
    expect(answer.status).toBe(400)
    const body = (await answer.json()) as { errors: { pointer: string }[] }
    expect(body).toMatchObject({ success: false, code: 'VALIDATION_ERROR', error: expect.any(String) as string })
    expect(body.errors.map((error) => error.pointer)).toContain(pointer)
  }
  expect((await server.engine.list({ limit: 1 })).items).toEqual([])
})

test('POST /validate says all that is wrong, and loads nothing', async () => {
  const server = shared()
  const good = await server.json('/validate', { json: { configuration: configurationOf('x', 'http://192.0.2.1/list') } })
  expect(good).toEqual({ success: true, valid: true, errors: [] })
  const bad = await server.json('/validate', {
    json: { configuration: { name: '', sources: [{ source: 'https://example.org/a', type: 'dns' }], transformations: ['Nope'] } },
  })
  expect(bad).toMatchObject({ success: true, valid: false })
  const pointers = (bad['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)
  expect(pointers.toSorted()).toEqual(['/name', '/sources/0/type', '/transformations/0'])
})

test('bodies that are none', async () => {
  const server = await start({ maxBodyBytes: 2 * 1024 * 1024 })
  const codes = async (json: string, headers = {}): Promise<[number, unknown]> => {
    const answer = await server.ask('/compile', { json, headers })
    return [answer.status, ((await answer.json()) as { code: string }).code]
  }
  expect(await codes('{')).toEqual([400, 'INVALID_JSON'])
  expect(await codes(`{"configuration":${'['.repeat(1_000_000)}`)).toEqual([400, 'INVALID_JSON'])
  expect(await codes('{}', { 'Content-Type': 'text/plain' })).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
  expect(await codes(JSON.stringify({ preFetchedContent: { a: 'x'.repeat(3_000_000) } }))).toEqual([413, 'BODY_TOO_LARGE'])
  const large = { configuration: { name: 'x', sources: [{ source: 'a' }], exclusions: ['x'.repeat(1_500_000)] } }
  expect(await codes(JSON.stringify(large))).toEqual([413, 'BODY_TOO_LARGE'])
  const notTexts = { configuration: configurationOf('x', 'a'), preFetchedContent: { a: 'x'.repeat(1_000_000), b: 1 } }
  expect(await codes(JSON.stringify(notTexts))).toEqual([400, 'VALIDATION_ERROR'])
})

test('paths and methods that there are not are told in the words of this service', async () => {
  const server = shared()
  const unknown = await server.ask('/compile/nowhere/at/all')
  expect(unknown.status).toBe(404)
  expect(await unknown.json()).toMatchObject({ success: false, code: 'NOT_FOUND' })
  const method = await server.ask('/compile')
  expect(method.status).toBe(405)
  expect(method.headers.get('allow')).toContain('POST')
  const id = await server.ask('/queue/results/nonsense', { key: 'read' })
  expect(id.status).toBe(404)
})

test('names as long as an event never fail a compilation', async () => {
  const server = await start()
  const source = `${'n'.repeat(8000)}.txt`
  const json = { configuration: configurationOf('L'.repeat(100_000), source, source), preFetchedContent: { [source]: '||a.example^' } }
  const answer = await server.ask('/compile', { json })
  expect(answer.status).toBe(200)
})

test.each([1_000, 100_000, 400_000])('%i brackets in each other are refused', async (depth) => {
  const server = shared()
  const json = `{"configuration":{"name":"x","sources":${'['.repeat(depth)}${']'.repeat(depth)}}}`
  for (const route of [...ROUTES, '/compile/batch', '/validate']) {
    const answer = await server.ask(route, { json })
    expect([route, answer.status, ((await answer.json()) as { code: string }).code]).toEqual([route, 400, 'INVALID_JSON'])
  }
})
