import type { CompileEvent } from '@headway/filters/compiler'
import { expect, test } from 'vitest'
import { cacheSteps, dataOf, downloader, LIST, temporaryFolder, textOf, watch } from './support/downloads.js'
import { serve } from './support/source-server.js'

/** A server whose answers wait until `go`. */
async function serveHeld() {
  let go: () => void = () => undefined
  const held = new Promise<void>((resolve) => (go = resolve))
  const server = await serve((_request, response) => {
    response.write('! begin\n')
    void held.then(() => response.end(LIST))
  })
  return { server, go: () => go() }
}

test('requests for the same URL at the same time share one download; each hears all of it and has bytes of its own', async () => {
  const { server, go } = await serveHeld()
  const from = downloader({ folder: await temporaryFolder() })
  const first = watch(from, server.url)
  await server.requested()
  const others = [watch(from, `${server.url}/`), watch(from, `${server.url}/#part`)]
  go()
  const all = await Promise.all([first, ...others])
  expect(server.requests).toHaveLength(1)
  for (const { text, events } of all) {
    expect(text).toBe(`! begin\n${LIST}`)
    expect(events).toEqual(all[0]?.events)
    expect(cacheSteps(events)).toEqual(['miss', 'write'])
  }
  expect(new Set(all.map(({ loaded }) => loaded?.bytes.buffer)).size).toBe(3)
})

test('bytes can be handed to a thread while others still use theirs', async () => {
  const { server, go } = await serveHeld()
  const from = downloader()
  const loads = Array.from({ length: 2 }, async () => {
    const loaded = await from.load(server.url, { signal: new AbortController().signal, on: () => undefined })
    return textOf({ ...loaded, bytes: structuredClone(loaded.bytes, { transfer: [loaded.bytes.buffer as ArrayBuffer] }) })
  })
  await server.requested()
  go()
  expect(await Promise.all(loads)).toEqual([`! begin\n${LIST}`, `! begin\n${LIST}`])
})

test('who has other credentials shares nothing', async () => {
  const server = await serve((request, response) => response.end(`! ${request.headers.authorization ?? 'nobody'}\n`))
  const from = downloader({ folder: await temporaryFolder() })
  const texts = await Promise.all(['me:a@', 'me:b@', ''].map(async (who) => (await watch(from, server.url.replace('//', `//${who}`))).text))
  expect(new Set(texts).size).toBe(3)
  expect(server.requests).toHaveLength(3)
})

test('who is aborted leaves at once, and the others get theirs', async () => {
  const { server, go } = await serveHeld()
  const from = downloader()
  const controller = new AbortController()
  const leaver = watch(from, server.url, controller.signal)
  const stayer = watch(from, server.url)
  await server.requested()
  controller.abort(new Error('cancelled'))
  expect((await leaver).error?.message).toBe('cancelled')
  expect(server.open.size).toBe(1)
  go()
  expect((await stayer).text).toBe(`! begin\n${LIST}`)
})

test('when the last one is aborted the download stops; who comes later starts a new one', async () => {
  const { server, go } = await serveHeld()
  const from = downloader({ folder: await temporaryFolder() })
  const controllers = [new AbortController(), new AbortController()]
  const leavers = controllers.map(({ signal }) => watch(from, server.url, signal))
  await server.requested()
  for (const controller of controllers) controller.abort(new Error('cancelled'))
  const later = watch(from, server.url)
  for (const leaver of leavers) expect((await leaver).error?.message).toBe('cancelled')
  await expect.poll(() => server.requests.length).toBe(2)
  await expect.poll(() => server.open.size).toBe(1)
  go()
  expect((await later).text).toBe(`! begin\n${LIST}`)
})

test('an abort ends a download whose connection is still being made', async () => {
  let asked: () => void = () => undefined
  const resolving = new Promise<void>((resolve) => (asked = resolve))
  const from = downloader({
    resolve: () => {
      asked()
      return new Promise(() => undefined)
    },
  })
  const controller = new AbortController()
  const loading = watch(from, 'http://lists.test/', controller.signal)
  await resolving
  controller.abort(new Error('cancelled'))
  expect((await loading).error?.message).toBe('cancelled')
})

test('who is aborted already does not begin', async () => {
  const server = await serve((_request, response) => response.end(LIST))
  expect((await watch(downloader(), server.url, AbortSignal.abort(new Error('cancelled')))).error?.message).toBe('cancelled')
  expect(server.requests).toHaveLength(0)
})

test('a listener that throws ends its own part only', async () => {
  const { server, go } = await serveHeld()
  const from = downloader()
  const { signal } = new AbortController()
  const on = () => {
    throw new Error('full')
  }
  const one = from.load(server.url, { signal, on })
  const other = watch(from, server.url)
  go()
  await expect(one).rejects.toThrow('full')
  expect((await other).text).toBe(`! begin\n${LIST}`)
})

test('a listener that throws and was the last one ends the download', async () => {
  const { server } = await serveHeld()
  const from = downloader({ folder: await temporaryFolder() })
  const on = () => {
    throw new Error('full')
  }
  await expect(from.load(`${server.url}/a`, { signal: new AbortController().signal, on })).rejects.toThrow('full')
  await expect.poll(() => server.open.size).toBe(0)
})

test('one owner has half of the places for requests at most, so that sources that hang hold up nobody else', async () => {
  const hanging = await serve(() => undefined)
  const quick = await serve((_request, response) => response.end(LIST))
  const from = downloader({ concurrency: 4, concurrencyPerHost: 10 })
  const controller = new AbortController()
  const context = { signal: controller.signal, on: () => undefined }
  const held = Array.from({ length: 8 }, (_, at) => from.load(`${hanging.url}/${String(at)}`, { ...context, owner: 'one' }))
  await expect.poll(() => hanging.requests.length).toBe(2)
  expect(textOf(await from.load(quick.url, { ...context, owner: 'other' }))).toBe(LIST)
  expect(hanging.requests).toHaveLength(2)
  controller.abort(new Error('cancelled'))
  for (const { status } of await Promise.allSettled(held)) expect(status).toBe('rejected')
})

test('close stops what is under way and refuses what comes later', async () => {
  const { server } = await serveHeld()
  const from = downloader()
  const loading = watch(from, server.url)
  await server.requested()
  await from.close()
  expect((await loading).code).toBe('DOWNLOADER_CLOSED')
  expect((await watch(from, server.url)).code).toBe('DOWNLOADER_CLOSED')
  await expect.poll(() => server.open.size).toBe(0)
})

test('so many requests run at a time, in all and for a host; the others wait their turn', async () => {
  let most = 0
  let running = 0
  const waiting: (() => void)[] = []
  const listener = (_request: unknown, response: { end: (text: string) => void }) => {
    running += 1
    most = Math.max(most, running)
    waiting.push(() => {
      running -= 1
      response.end(LIST)
    })
  }
  const [one, two] = [await serve(listener), await serve(listener)]
  const from = downloader({ concurrency: 3, concurrencyPerHost: 2 })
  const loads = [1, 2, 3, 4].map((number) => watch(from, `${one.url}/${String(number)}`))
  await expect.poll(() => running).toBe(2)
  loads.push(...[1, 2, 3].map((number) => watch(from, `${two.url}/${String(number)}`)))
  await expect.poll(() => running).toBe(3)
  const controller = new AbortController()
  const given = watch(from, `${two.url}/given-up`, controller.signal)
  controller.abort(new Error('cancelled'))
  expect((await given).error?.message).toBe('cancelled')
  const drained = Promise.all(loads)
  let done = false
  void drained.then(() => (done = true))
  await expect
    .poll(() => {
      for (const finish of waiting.splice(0)) finish()
      return done
    })
    .toBe(true)
  expect((await drained).map(({ text }) => text)).toEqual(Array.from({ length: 7 }, () => LIST))
  expect(most).toBe(3)
})

test('events come while the download runs', async () => {
  const { server, go } = await serveHeld()
  const events: CompileEvent[] = []
  const from = downloader({ folder: await temporaryFolder() })
  const loading = from.load(server.url, { signal: new AbortController().signal, on: (event) => void events.push(event) })
  await server.requested()
  expect(events.map(({ type }) => type)).toEqual(['cache'])
  go()
  await loading
  expect(dataOf(events, 'network')).toHaveLength(1)
})
