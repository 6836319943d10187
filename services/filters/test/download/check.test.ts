import { readdir, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { CompileEvent } from '@headway/filters/compiler'
import type { Downloader } from '@headway/filters/download'
import { expect, test } from 'vitest'
import { cacheSteps, dataOf, downloader, LIST, temporaryFolder, textOf, watch } from './support/downloads.js'
import { serve } from './support/source-server.js'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

async function check(from: Downloader, source: string) {
  const events: CompileEvent[] = []
  const checked = await from.check(source, { signal: new AbortController().signal, on: (event) => void events.push(event) })
  return { checked, events }
}

async function serveVersions(headers: Record<string, string> = {}) {
  const state = { list: LIST, etag: '"1"' }
  const server = await serve((request, response) => {
    const known = request.headers['if-none-match'] === state.etag
    response.writeHead(known ? 304 : 200, { etag: state.etag, ...headers }).end(known ? undefined : state.list)
  })
  return { server, state }
}

test('what a source is is told without its bytes; what is new goes into the cache', async () => {
  const { server, state } = await serveVersions()
  const folder = await temporaryFolder()
  const from = downloader({ folder })
  const first = await check(from, server.url)
  expect(first.checked).toEqual({ sha256: hashOf(LIST) })
  expect(cacheSteps(first.events)).toEqual(['miss', 'write'])
  const second = await check(from, server.url)
  expect(second.checked).toEqual({ sha256: hashOf(LIST) })
  expect(dataOf(second.events, 'network')).toMatchObject([{ statusCode: 304 }])
  expect(cacheSteps(second.events)).toEqual(['hit'])
  state.list = '||new.example^\n'.repeat(100_000)
  state.etag = '"2"'
  expect((await check(from, server.url)).checked).toEqual({ sha256: hashOf(state.list) })
  const { loaded, events } = await watch(from, server.url)
  expect(loaded && textOf(loaded)).toBe(state.list)
  expect(dataOf(events, 'network')).toMatchObject([{ statusCode: 304 }])
  expect((await readdir(join(folder, 'sources'))).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('what was checked a moment ago is loaded without asking its server again, and without saying so twice', async () => {
  const { server } = await serveVersions()
  const from = downloader({ folder: await temporaryFolder() })
  const { checked } = await check(from, server.url)
  const events: CompileEvent[] = []
  const context = { signal: new AbortController().signal, on: (event: CompileEvent) => void events.push(event) }
  expect(textOf(await from.load(server.url, { ...context, checked: checked.sha256 }))).toBe(LIST)
  expect([events, server.requests.length]).toEqual([[], 1])
  expect(textOf(await from.load(server.url, { ...context, checked: hashOf('another') }))).toBe(LIST)
  expect(server.requests).toHaveLength(2)
})

test.each([
  ['without a cache', undefined, {}],
  ['when it must not be kept', 'folder', { 'cache-control': 'no-store' }],
])('%s only its hash is told', async (_when, folder, headers) => {
  const { server } = await serveVersions(headers)
  const from = downloader(folder === undefined ? {} : { folder: await temporaryFolder() })
  expect((await check(from, server.url)).checked).toEqual({ sha256: hashOf(LIST) })
})

test('the last good copy stands in for a source that fails; a page is no list', async () => {
  let page = false
  const server = await serve((_request, response) => (page ? response.writeHead(500).end() : response.end(LIST)))
  const from = downloader({ folder: await temporaryFolder(), onFailure: 'last-good' })
  await check(from, server.url)
  page = true
  expect((await check(from, server.url)).checked).toEqual({ sha256: hashOf(LIST), stale: true })
  const html = await serve((_request, response) => response.end('<!doctype html><p>Hello'))
  await expect(check(from, `${html.url}/list?key=hidden`)).rejects.toMatchObject({
    code: 'SOURCE_NOT_TEXT',
    message: expect.stringContaining(`${html.url}/list?key=***: The source is an HTML or XML page`),
  })
})

test('a local file is checked as it is loaded', async () => {
  const localFolder = await temporaryFolder()
  const from = downloader({ localFolder })
  const text = `${LIST}${'||example.org^\n'.repeat(200_000)}`
  await writeFile(join(localFolder, 'list.txt'), text)
  await writeFile(join(localFolder, 'page.txt'), '<!doctype html>')
  await writeFile(join(localFolder, 'empty.txt'), '')
  expect((await check(from, 'list.txt')).checked).toEqual({ sha256: hashOf(text) })
  expect((await check(from, 'empty.txt')).checked).toEqual({ sha256: hashOf('') })
  await expect(check(from, 'page.txt')).rejects.toMatchObject({ code: 'SOURCE_NOT_TEXT' })
  await expect(check(from, '../list.txt')).rejects.toMatchObject({ code: 'LOCAL_PATH_REFUSED' })
})
