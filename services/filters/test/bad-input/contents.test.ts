import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { serve } from '../download/support/source-server.js'
import { startLists } from '../support/lists.js'
import { configurationOf } from '../support/start.js'
import { expectFailure, expectList, startForMany } from './support/outcomes.js'

const MIB = 1024 * 1024

/** A server with one list, which travels in a few kilobytes. */
async function urlOfList(text: string | Buffer): Promise<string> {
  const packed = gzipSync(text)
  const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' }
  return `${(await serve((_request, response) => response.writeHead(200, headers).end(packed))).url}/list`
}

const shared = onceForTests((atEnd) => startForMany({ atEnd }))

test('an include cycle is an error that names its way', async () => {
  const lists = await startLists()
  lists.give('a', '||a.example^\n!#include b')
  lists.give('b', '||b.example^\n!#include a')
  const way = ['a', 'b', 'a'].map((name) => lists.urlOf(name)).join(' includes ')
  const failure = { status: 422, code: 'INCLUDE_CYCLE', says: way }
  await expectFailure(shared(), { configuration: configurationOf('Cycle', lists.urlOf('a')) }, failure)
})

test('includes that nest too deep are an error', async () => {
  const asked: string[] = []
  const source = await serve(({ url = '' }, response) => {
    asked.push(url)
    response.writeHead(200, { 'content-type': 'text/plain' }).end(`!#include ${url.slice(1)}0`)
  })
  const failure = { status: 422, code: 'INCLUDE_TOO_DEEP', says: '16 levels' }
  await expectFailure(shared(), { configuration: configurationOf('Deep', `${source.url}/1`) }, failure)
  expect(Math.max(...asked.map(({ length }) => length))).toBeLessThan(20)
})

test('includes of another origin and of files are an error', async () => {
  const failure = { status: 422, code: 'INCLUDE_OTHER_ORIGIN', says: 'another origin' }
  for (const name of ['http://169.254.169.254/latest', 'file:///etc/passwd', '//example.com/list']) {
    const source = await urlOfList(`!#include ${name}`)
    await expectFailure(shared(), { configuration: configurationOf('Elsewhere', source) }, failure)
  }
})

test('a condition that is not closed is an error', async () => {
  const failure = { status: 422, code: 'INVALID_DIRECTIVE', says: 'no !#endif' }
  const json = { configuration: configurationOf('Open', 'a'), preFetchedContent: { a: '!#if adguard\n||a.example^' } }
  await expectFailure(shared(), json, failure)
})

test('a line of 50 MB goes through every transformation', async () => {
  const source = await urlOfList(Buffer.concat([Buffer.alloc(50 * MIB, 'a.'), Buffer.from('\n||b.example^\n')]))
  const transformations = ['ConvertToAscii', 'TrimLines', 'RemoveComments', 'Compress', 'RemoveModifiers', 'Validate', 'Deduplicate']
  const json = {
    // So that it need not be sent: what patterns take is seen, too.
    configuration: { name: 'Long', sources: [{ source, transformations }], exclusions: ['*a.a.a*'] },
  }
  expect(await expectList(shared(), json)).toEqual(['||b.example^'])
})

test('more lines than are allowed are an error', async () => {
  const source = await urlOfList(Buffer.alloc(2 * 10_000_001, 'a\n'))
  const failure = { status: 422, code: 'TOO_MANY_LINES', says: '10000000 lines' }
  await expectFailure(shared(), { configuration: configurationOf('Lines', source) }, failure)
})

test.each([['Compress'], ['Validate'], ['TrimLines', 'RemoveComments', 'ConvertToAscii', 'RemoveModifiers', 'InvertAllow']])(
  'a hosts line of 0, 100,000 spaces and # ends soon with %s',
  async (...transformations) => {
    const line = `0${' '.repeat(100_000)}#`
    const preFetchedContent = { a: `${line}\n||a.example^\n${line}x\n0${'\t '.repeat(50_000)}# #\n` }
    const json = { configuration: { ...configurationOf('Spaces', 'a'), transformations }, preFetchedContent }
    expect((await expectList(shared(), json)).join('\n')).toContain('||a.example^')
  },
)

test('line breaks in what goes into the header begin no rules', async () => {
  const evil = 'x\r\n||evil.example^\n@@||good.example^'
  const configuration = {
    name: evil,
    description: evil,
    homepage: evil,
    license: evil,
    version: evil,
    sources: [{ source: 'a\n||evil.example^', name: evil }],
  }
  const json = { configuration, preFetchedContent: { 'a\n||evil.example^': '||a.example^' } }
  expect(await expectList(shared(), json)).toEqual(['||a.example^'])
})

test('what needs more memory than a thread has ends that thread alone', async () => {
  const text = Array.from({ length: 1_500_000 }, (_, index) => `0.0.0.0 host${index}.example.com\n`).join('')
  const transformations = ['Compress', 'RemoveModifiers', 'Validate', 'Deduplicate']
  const json = { configuration: { ...configurationOf('Large', await urlOfList(text)), transformations } }
  const failure = { status: 422, code: 'OUT_OF_MEMORY', says: 'MiB of memory', ofSource: false } as const
  await expectFailure(await startForMany({ threadMemoryMb: 64 }), json, failure)
})
