import { compileStream } from '@headway/client/filters'
import type { CompileEvent } from '@headway/client/filters'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startLists } from '../../../../services/filters/test/support/lists.js'
import { start } from '../../../../services/filters/test/support/start.js'
import { startCuttingProxy } from '../support/cutting-proxy.js'

async function serve() {
  const running = await start()
  const proxy = await startCuttingProxy(running.url)
  onTestFinished(() => proxy.close())
  return { ...running, proxy, baseUrl: proxy.url }
}

async function all(events: AsyncIterable<CompileEvent>): Promise<CompileEvent[]> {
  const said: CompileEvent[] = []
  for await (const event of events) said.push(event)
  return said
}

test('a compilation whose stream breaks everywhere tells every step once, and is made once', async () => {
  const { proxy, engine, baseUrl } = await serve()
  // Before the answer; in its first message; further and further on.
  const cuts = [0, 400, 900, 1500, 1500, 2500]
  proxy.cut = () => cuts.shift()
  const states: string[] = []
  const sources = Array.from({ length: 5 }, (_, n) => ({ source: `list-${n}`, name: `List ${n}` }))
  const preFetchedContent = Object.fromEntries(sources.map(({ source }, n) => [source, `||ads-${n}.example^\n`]))
  const options = { baseUrl, preFetchedContent, benchmark: true, onState: (state: string) => void states.push(state) }
  const compilation = compileStream({ name: 'Mine', sources }, options)
  const said = await all(compilation)
  const ids = said.flatMap(({ id }) => id ?? [])
  expect(new Set(ids).size).toBe(ids.length)
  expect(said.map(({ event }) => event)).toEqual(['job', ...said.slice(1, -2).map(({ event }) => event), 'result', 'done'])
  for (const event of ['source:start', 'source:complete']) expect(said.filter((one) => one.event === event)).toHaveLength(5)
  const { rules, metrics } = await compilation.result()
  expect(rules).toContain('||ads-4.example^')
  expect(metrics.transformationMetrics).toBeDefined()
  expect(states).toContain('reconnecting')
  const { items } = await engine.list({ limit: 10 })
  expect(items.map(({ id }) => id)).toEqual([await compilation.id])
  expect(cuts).toEqual([])
})

test('a compilation can be waited for alone, fail, be cancelled, and be left', async () => {
  const { baseUrl } = await serve()
  const lists = await startLists()
  lists.hold('slow')
  const configuration = { name: 'Slow', sources: [{ source: lists.urlOf('slow') }] }

  const given = compileStream({ name: 'Mine', sources: [{ source: 'mine' }] }, { baseUrl, preFetchedContent: { mine: '||a.example^' } })
  expect(await given.result()).toMatchObject({ success: true, rules: expect.arrayContaining(['||a.example^']) })

  const wrong = compileStream({ name: 'Wrong', sources: [] }, { baseUrl })
  await expect(wrong.result()).rejects.toMatchObject({ name: 'HeadwayClientError', status: 400 })
  await expect(wrong.id).rejects.toThrow()
  await expect(all(wrong)).resolves.toEqual([])

  const cancelled = compileStream(configuration, { baseUrl })
  await cancelled.cancel('enough')
  const said = await all(cancelled)
  expect(said.at(-1)).toMatchObject({ event: 'done', data: { status: 'cancelled' } })
  await expect(cancelled.result()).rejects.toMatchObject({ name: 'JobFailedError', failure: { status: 'cancelled' } })

  const stop = new AbortController()
  const left = compileStream(configuration, { baseUrl, signal: stop.signal })
  await left.id
  stop.abort()
  await expect(left.result()).rejects.toMatchObject({ code: 'CLOSED' })
})

test('a page in place of a stream is an error, and an answer that does not come is asked for again', async () => {
  const page = async (): Promise<Response> => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } })
  const configuration = { name: 'Mine', sources: [{ source: 'mine' }] }
  const baseUrl = 'http://127.0.0.1:9'
  await expect(compileStream(configuration, { baseUrl, fetch: page }).result()).rejects.toMatchObject({ code: 'NOT_A_STREAM' })

  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const stop = new AbortController()
  let asked = 0
  const silent: typeof fetch = async (_, init) => {
    asked += 1
    return new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))))
  }
  const run = compileStream(configuration, { baseUrl, fetch: silent, signal: stop.signal })
  await vi.advanceTimersByTimeAsync(120_000)
  expect(asked).toBeGreaterThan(1)
  stop.abort()
  await expect(run.result()).rejects.toMatchObject({ code: 'CLOSED' })
})
