import { expect, test } from 'vitest'
import { startLists } from '../support/lists.js'
import type { Lists } from '../support/lists.js'
import { configurationOf, rulesOf } from '../support/start.js'
import { startForMany } from './support/outcomes.js'

const PRIVATE = 40
const nameOf = (index: number): string => `private-${index}`

/** A compilation that fails at once, with 40 more sources of which only its owner may know. Their URLs have a password. */
function failing(lists: Lists): object {
  const others = Array.from({ length: PRIVATE }, (_, index) => ({ source: lists.urlOf(nameOf(index)).replace('//', '//alice:hunter2@') }))
  // The second has something to do when the first fails.
  const own = Array.from({ length: 900 }, (_, index) => `0.0.0.0 h${index}.private.example`).join('\n')
  return {
    configuration: {
      name: 'Fails',
      sources: [{ source: 'bad' }, { source: 'own', transformations: ['Compress', 'Validate'] }, ...others],
    },
    preFetchedContent: { bad: '!#endif\nx', own },
  }
}

test("what is left of a failed compilation goes on in nobody else's: no events, no rules, no downloads", async () => {
  const lists = await startLists()
  // One thread: whoever comes next gets the one that the failure was in.
  const server = await startForMany({ concurrency: 1 })
  for (let index = 0; index < PRIVATE; index++) lists.give(nameOf(index), `||private-${index}.example^`)
  const blocker = await server.stream('/compile/stream', { json: { configuration: configurationOf('First', lists.urlOf('first')) } })
  await lists.waitedFor('first')
  const failed = await server.stream('/compile/stream', { json: failing(lists), headers: { 'X-Forwarded-For': '203.0.113.1' } })
  await failed.seen('cache')
  const json = { configuration: configurationOf('Of another client', lists.urlOf('other')) }
  const other = await server.stream('/compile/stream', { json, headers: { 'X-Forwarded-For': '203.0.113.2' } })
  await other.seen('cache')
  lists.give('first', '||first.example^\n')
  await Promise.all([blocker.ended, failed.ended])
  expect(failed.names.slice(-2)).toEqual(['error', 'done'])
  const asked = (): number =>
    Array.from({ length: PRIVATE }, (_, index) => lists.asked(nameOf(index))).reduce((sum, count) => sum + count, 0)

  await lists.waitedFor('other')
  const before = asked()
  // Time for what should not be there: a whole compilation of its own.
  const third = { configuration: configurationOf('Third', 'third'), preFetchedContent: { third: '||third.example^' } }
  const waiting = server.ask('/compile', { json: third, headers: { 'X-Forwarded-For': '203.0.113.3' } })
  lists.give('other', '||other.example^\n')
  await other.ended
  expect((await waiting).status).toBe(200)

  expect(JSON.stringify(other.events)).not.toMatch(/private|hunter2|alice/)
  const sources = other.events.filter(({ event }) => event.startsWith('source:')).map(({ data }) => data['totalSources'])
  expect(sources).toEqual([1, 1])
  expect(rulesOf((await other.seen('result')).data)).toEqual(['||other.example^'])
  expect(asked()).toBe(before)
})

test.each(['a source that fails', 'a source that hangs'])('after many compilations with %s the next one is answered', async (kind) => {
  const lists = await startLists()
  const server = await startForMany({ concurrency: 2, downloads: { retries: 0, headersTimeoutMs: 300, breakerFailures: 1_000 } })
  if (kind === 'a source that fails') lists.give('bad', 404)
  lists.give('good', '||good.example^\n')
  const codes = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const json = { configuration: configurationOf(`Bad ${index}`, lists.urlOf('bad'), lists.urlOf('good')) }
      return (await server.json('/compile', { json, headers: { 'X-Forwarded-For': `203.0.113.${index}` } }))['code']
    }),
  )
  expect(new Set(codes)).toEqual(new Set([kind === 'a source that fails' ? 'SOURCE_HTTP_STATUS' : 'SOURCE_TIMEOUT']))
  const good = await server.json('/compile', { json: { configuration: configurationOf('Good', lists.urlOf('good')) } })
  expect(rulesOf(good)).toEqual(['||good.example^'])
})
