import { expect, test } from 'vitest'
import { startLists } from '../support/lists.js'
import { configurationOf, rulesOf, start } from '../support/start.js'

test('a list whose source changes, and changes back, is found again: four contents are kept, the oldest goes', async () => {
  const lists = await startLists()
  const server = await start()
  const json = { configuration: configurationOf('Changing', lists.urlOf('changing'), lists.urlOf('steady')) }
  lists.give('steady', '||steady.example^')
  const caches: (string | null)[] = []
  const compile = async (name: string): Promise<void> => {
    lists.give('changing', `||${name}.example^`)
    const answer = await server.ask('/compile', { json })
    expect(rulesOf((await answer.json()) as Record<string, unknown>)).toEqual([`||${name}.example^`, '||steady.example^'])
    caches.push(answer.headers.get('x-cache'))
  }
  for (const name of ['a', 'b', 'a', 'b', 'c', 'd', 'a', 'e', 'b', 'a']) await compile(name)
  expect(caches).toEqual(['MISS', 'MISS', 'HIT', 'HIT', 'MISS', 'MISS', 'HIT', 'MISS', 'HIT', 'MISS'])
})
