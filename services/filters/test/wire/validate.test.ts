import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { SocketClient } from '../websocket/support/socket-client.js'
import { start } from '../support/start.js'

const ONE = [{ source: 'a' }]
const preFetchedContent = { a: '||a.example^' }

/** Nothing is ever compiled there. */
const shared = onceForTests((atEnd) => start({ atEnd }))

test.each([
  ['a pattern that is no regular expression', { name: 'x', sources: ONE, exclusions: ['a', '/(/'] }, '/exclusions/1', 'Unterminated group'],
  ['one of a source', { name: 'x', sources: [{ source: 'a', inclusions: ['/*/'] }] }, '/sources/0/inclusions/0', 'Nothing to repeat'],
  ['a pattern that is too long', { name: 'x', sources: ONE, exclusions: ['x'.repeat(20_000)] }, '/exclusions/0', 'at most 10000'],
  [
    'too many sources',
    { name: 'x', sources: Array.from({ length: 2_000 }, (_, index) => ({ source: `https://example.org/${index}` })) },
    '/sources',
    'at most 1000',
  ],
  [
    'one bad pattern among many',
    { name: 'x', sources: ONE, exclusions: [...Array.from({ length: 10_000 }, (_, index) => `/^ad${index}[0-9]+/`), '/[/'] },
    '/exclusions/10000',
    'character class',
  ],
  [
    'a scheme that is not downloaded',
    { name: 'x', sources: [...ONE, { source: 'ftp://bob:hunter2@x/' }] },
    '/sources/1/source',
    'not by ftp:',
  ],
  ['a path on a server without a folder', { name: 'x', sources: [...ONE, { source: '/etc/passwd' }] }, '/sources/1/source', 'local files'],
  ['a path of patterns', { name: 'x', sources: ONE, exclusions_sources: ['patterns.txt'] }, '/exclusions_sources/0', 'local files'],
  ['a URL that is none', { name: 'x', sources: [{ source: 'http://[oops/' }] }, '/sources/0/source', 'not a valid URL'],
])('%s is told by every way in, before there is a job', async (_, configuration, pointer, says) => {
  const server = shared()
  const message = expect.stringContaining(says) as string
  const json = { configuration, preFetchedContent }
  expect(await server.json('/validate', { json })).toEqual({ success: true, valid: false, errors: [{ pointer, message }] })
  const errors = [{ pointer: `/configuration${pointer}`, message }]
  for (const route of ['/compile', '/compile/stream', '/compile/async']) {
    const answer = await server.ask(route, { json })
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR', errors } })
  }
  const batch = await server.json('/compile/batch', { json: { requests: [{ id: 'one', ...json }] } })
  expect(batch).toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ pointer: `/requests/0/configuration${pointer}`, message }] })
  const socket = new SocketClient(`${server.url}/ws/compile`, [])
  await socket.compile('one', json)
  const refused = await socket.nextOf('error')
  expect(refused).toMatchObject({ code: 'INVALID_MESSAGE', sessionId: 'one', fields: errors })
  expect(JSON.stringify([batch, refused])).not.toContain('hunter2')
  expect((await server.engine.list({ limit: 1 })).items).toEqual([])
})

test('a path is right where the server has a folder for it, and the name of a text that came with the request everywhere', async () => {
  const server = await start({ localFolder: '/nowhere' })
  const configuration = { name: 'x', sources: [{ source: 'list.txt' }] }
  expect(await server.json('/validate', { json: { configuration } })).toMatchObject({ valid: true })
  const other = await start()
  expect(await other.json('/validate', { json: { configuration } })).toMatchObject({ valid: false })
  expect(await other.json('/validate', { json: { configuration, preFetchedContent: { 'list.txt': '' } } })).toMatchObject({ valid: true })
  // Large texts are packed before the check.
  const large = { configuration, preFetchedContent: { 'list.txt': '||a.example^\n'.repeat(50_000) } }
  expect((await other.ask('/compile', { json: large })).status).toBe(200)
})
