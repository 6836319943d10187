import { runTask } from '@headway/client/tasks'
import type { TaskMessage } from '@headway/client/tasks'
import { expect, onTestFinished, test } from 'vitest'
import { start } from '../../../../services/tasks/test/support/start.js'
import { KEYS } from '../../../../test/support/test-server.js'
import { startCuttingProxy } from '../support/cutting-proxy.js'

const TASKS = `
types:
  lines:
    steps: [{ name: lines, run: [node, -e, 'for (let n = 1; n <= 200; n += 1) console.log("line", n)'] }]
  broken:
    steps: [{ name: broken, run: [node, -e, 'process.exit(3)'] }]
  endless:
    grace: 1s
    steps: [{ name: endless, run: [node, -e, 'setTimeout(String, 60000)'] }]
`

test('a task whose stream breaks tells every line once, fails with why, and can be cancelled', async () => {
  const { url, engine } = await start(TASKS)
  const proxy = await startCuttingProxy(url)
  onTestFinished(() => proxy.close())
  // The creation before its answer, then in its answer, then the stream.
  const cuts = [0, 50, undefined, 3000, 9000]
  proxy.cut = () => cuts.shift()
  const options = { baseUrl: proxy.url, apiKey: KEYS.run }
  const task = runTask('lines', {}, options)
  const said: TaskMessage[] = []
  for await (const message of task) said.push(message)
  const lines = said.flatMap((message) => (message.type === 'log' && message.log.level === 'stdout' ? [message.log.message] : []))
  expect(lines).toEqual(Array.from({ length: 200 }, (_, n) => `line ${n + 1}`))
  expect([said[0]?.type, said.at(-1)?.type]).toEqual(['connected', 'end'])
  expect(said.filter(({ type }) => type === 'connected')).toHaveLength(1)
  expect(await task.result()).toMatchObject({ status: 'completed', progress: 100, result: { success: true } })
  expect((await engine.list({ limit: 10 })).items).toHaveLength(1)
  expect(cuts).toEqual([])

  const broken = runTask('broken', {}, options)
  await expect(broken.result()).rejects.toMatchObject({ failure: { status: 'failed', error: { code: expect.any(String) } } })

  const endless = runTask('endless', {}, options)
  await endless.cancel('enough')
  await expect(endless.result()).rejects.toMatchObject({ failure: { status: 'cancelled' } })

  await expect(runTask('none', {}, options).result()).rejects.toMatchObject({ code: 'UNKNOWN_JOB_TYPE', status: 404 })
})

test('a key comes of a function, too, which is asked again when it was refused; what can not be asked is an error', async () => {
  const { url } = await start(TASKS)
  const asked: boolean[] = []
  const apiKey = async ({ expired }: { readonly expired: boolean }): Promise<string> => {
    asked.push(expired)
    return expired ? KEYS.run : 'a key that is no more one'
  }
  expect(await runTask('lines', {}, { baseUrl: url, apiKey }).result()).toMatchObject({ status: 'completed' })
  expect(asked).toEqual([false, true])

  const none = async (): Promise<string> => Promise.reject(new Error('signed out'))
  await expect(runTask('lines', {}, { baseUrl: url, apiKey: none }).result()).rejects.toMatchObject({
    code: 'NO_CREDENTIAL',
    cause: { message: 'signed out' },
  })
  expect(() => runTask('lines', {}, { baseUrl: 'localhost:3000' })).toThrow(expect.objectContaining({ code: 'INVALID_URL' }))
})
