import { expect, test } from 'vitest'
import { startLists } from '../support/lists.js'
import { configurationOf, start } from '../support/start.js'

const TEXT = { configuration: configurationOf('Small', 'x'), preFetchedContent: { x: '||x.example^\n' } }

test('who has all the compilations running that it may have makes nobody wait but itself', async () => {
  const lists = await startLists()
  const server = await start({ concurrency: 3 })
  const slow = (name: string, key?: 'run'): Promise<Response> =>
    server.ask('/compile', { json: { configuration: configurationOf(name, lists.urlOf(name)) }, ...(key && { key }) })
  const all = [slow('first')]
  await lists.waitedFor('first')
  all.push(slow('second'))
  // Holders of API keys share one part of the threads: theirs.
  const answer = await server.json('/compile', { json: TEXT, key: 'run' })
  expect(answer).toMatchObject({ success: true })
  all.push(slow('third', 'run'))
  await lists.waitedFor('third')
  expect(lists.asked('second')).toBe(0)
  for (const name of ['first', 'second', 'third']) lists.give(name, `||${name}.example^\n`)
  for (const { status } of await Promise.all(all)) expect(status).toBe(200)
})
