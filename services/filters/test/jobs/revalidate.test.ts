import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { serve } from '../download/support/source-server.js'
import { startLists } from '../support/lists.js'
import { configurationOf, start } from '../support/start.js'

/** A server of lists with ETags. */
async function serveLists() {
  const lists = new Map<string, { text: string; etag: string }>()
  const statuses: string[] = []
  const server = await serve((request, response) => {
    const list = lists.get(request.url ?? '') ?? { text: '', etag: '' }
    const known = request.headers['if-none-match'] === list.etag
    statuses.push(`${request.url ?? ''} ${known ? '304' : '200'}`)
    response.writeHead(known ? 304 : 200, { etag: list.etag }).end(known ? undefined : list.text)
  })
  return {
    urlOf: (name: string) => `${server.url}/${name}`,
    give: (name: string, text: string, etag: string) => lists.set(`/${name}`, { text, etag }),
    /** What was answered since the last time, in the order of the names. */
    answered: () => statuses.splice(0).toSorted(),
  }
}

const shared = onceForTests((atEnd) => start({ atEnd }))

test('a result that still holds is found without reading its sources', async () => {
  const lists = await serveLists()
  const server = await start()
  lists.give('a', '||a.example^\n', '"1"')
  const json = { configuration: configurationOf('List', lists.urlOf('a')) }
  await server.ask('/compile', { json })
  const folder = join(server.folder, 'filters', 'downloads', 'sources')
  for (const file of await readdir(folder)) if (file.endsWith('.content')) await rm(join(folder, file))
  const answer = await server.ask('/compile', { json })
  expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'HIT'])
  expect(lists.answered()).toEqual(['/a 200', '/a 304'])
})

test('when one source has changed each is asked for once all the same', async () => {
  const lists = await serveLists()
  const server = shared()
  for (const name of ['a', 'b']) lists.give(name, `||${name}.example^\n`, '"1"')
  const json = { configuration: configurationOf('List', lists.urlOf('a'), lists.urlOf('b')) }
  await server.ask('/compile', { json })
  lists.answered()
  lists.give('b', '||new.example^\n', '"2"')
  const stream = await server.stream('/compile/stream', { json })
  await stream.ended
  expect(lists.answered()).toEqual(['/a 304', '/b 200'])
  const count = (name: string) => stream.names.filter((one) => one === name).length
  expect([count('source:start'), count('source:complete'), count('network')]).toEqual([2, 2, 2])
  const { rules, cached } = (await stream.seen('result')).data as { rules: string[]; cached: boolean }
  expect([rules.at(-1), cached]).toEqual(['||new.example^', false])
})

test('large pre-fetched texts are told apart without being kept in memory', async () => {
  const server = shared()
  const json = { configuration: configurationOf('List', 'x'), preFetchedContent: { x: '||x.example^\n'.repeat(20_000) } }
  const first = await server.ask('/compile', { json })
  const second = await server.ask('/compile', { json })
  expect([first.headers.get('x-cache'), second.headers.get('x-cache')]).toEqual(['MISS', 'HIT'])
})

test("eight sources of one client that hang do not hold up another client's", async () => {
  const [hanging, more, quick] = [await startLists(), await startLists(), await startLists()]
  const server = shared()
  const names = ['1', '2', '3', '4']
  const sources = [...names.map((name) => hanging.urlOf(name)), ...names.map((name) => more.urlOf(name))]
  const hangs = await server.stream('/compile/stream', { json: { configuration: configurationOf('Hangs', ...sources) } })
  for (const name of names) await Promise.all([hanging.waitedFor(name), more.waitedFor(name)])
  quick.give('list', '||quick.example^\n')
  expect((await server.ask('/compile', { json: { configuration: configurationOf('Quick', quick.urlOf('list')) } })).status).toBe(200)
  for (const name of names) for (const lists of [hanging, more]) lists.give(name, '||late.example^\n')
  await hangs.ended
})
