import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CurlStream } from './support/curl-stream.js'
import type { StreamEvent } from './support/curl-stream.js'
import { startGatedLists } from './support/gated-lists.js'
import type { GatedLists } from './support/gated-lists.js'
import { folderOfTest, KEY } from './support/headway.js'
import { Program, ROOT } from './support/program.js'

/** `headway serve`, whose sources may be on this machine. Gives its URL with a slash at the end. */
async function serve(folder: string): Promise<{ readonly url: string; readonly kill: () => Promise<void> }> {
  const env = {
    PORT: '0',
    HEADWAY_ADMIN_KEY: KEY,
    HEADWAY_DATA: join(folder, 'data'),
    HEADWAY_FILTERS_ALLOW_ADDRESSES: 'loopback',
    HEADWAY_LEASE: '2s',
  }
  const program = new Program(process.execPath, [join(ROOT, 'apps/cli/bin/headway.mjs'), 'serve'], { env })
  const [, url = ''] = await program.says(/listens at (http:\S+)/)
  const kill = async (): Promise<void> => {
    program.signal('SIGKILL')
    await program.exit
  }
  return { url, kill }
}

/** Of two sources; the first has transformations of its own. */
function post(url: string, lists: GatedLists): CurlStream {
  const configuration = {
    name: 'Two slow lists',
    sources: [{ source: lists.url('first'), transformations: ['RemoveComments'] }, { source: lists.url('second') }],
    transformations: ['Compress', 'Deduplicate'],
  }
  const body = JSON.stringify({ configuration })
  return new CurlStream('-X', 'POST', '-H', 'Content-Type: application/json', '--data', body, `${url}compile/stream`)
}

/** Takes a stream up after the last event that came. */
function takeUp(url: string, { requestId, token }: Started, had: readonly StreamEvent[] = []): CurlStream {
  const last = had.at(-1)?.id
  const headers = ['-H', `Authorization: Bearer ${token}`, ...(last === undefined ? [] : ['-H', `Last-Event-ID: ${last}`])]
  return new CurlStream(...headers, `${url}compile/stream/${requestId}`)
}

interface Started {
  readonly requestId: string
  readonly token: string
}

async function startedBy(stream: CurlStream): Promise<Started> {
  return (await stream.seen(({ event }) => event === 'job')).data as unknown as Started
}

const numbered = (events: readonly StreamEvent[]): StreamEvent[] => events.filter(({ id }) => id !== undefined)
const namesOf = (events: readonly StreamEvent[]): (string | undefined)[] => events.map(({ event }) => event)
const ofSource =
  (name: string, index: number) =>
  ({ event, data }: StreamEvent): boolean =>
    event === name && data['sourceIndex'] === index

const FIRST = '! a comment\n0.0.0.0 a.example.com\n0.0.0.0 b.a.example.com\n'
const SECOND = '||a.example.com^\n||c.example.com^\n'

function expectList({ data }: StreamEvent): void {
  const rules = (data['rules'] as string[]).filter((line) => !line.startsWith('!'))
  expect(rules).toEqual(['||a.example.com^', '||c.example.com^'])
}

test('curl sees each step when it happens, not at the end', async () => {
  const lists = await startGatedLists()
  const { url } = await serve(await folderOfTest())
  const stream = post(url, lists)

  // Both are under way before a byte of either has come.
  await stream.seen(ofSource('source:start', 0))
  await stream.seen(ofSource('source:start', 1))
  await Promise.all([lists.asked('first'), lists.asked('second')])
  expect(namesOf(stream.events)).not.toContain('network')

  lists.open('first', FIRST)
  const network = await stream.seen(({ event, data }) => event === 'network' && data['url'] === lists.url('first'))
  expect(network.data).toMatchObject({ method: 'GET', statusCode: 200, responseSize: FIRST.length })
  await stream.seen(({ event, data }) => event === 'metric' && data['metric'] === 'download_speed')
  await stream.seen(({ event }) => event === 'cache')
  await stream.seen(({ event, data }) => event === 'transformation:start' && data['name'] === 'RemoveComments')
  const removed = await stream.seen(({ event, data }) => event === 'transformation:complete' && data['name'] === 'RemoveComments')
  expect(removed.data).toMatchObject({ inputCount: 3, outputCount: 2 })
  await stream.seen(ofSource('source:complete', 0))
  await stream.seen(({ event, data }) => event === 'progress' && data['current'] === 1 && data['total'] === 2)

  // All that has come while the second still loads.
  expect(lists.waits('second')).toBe(true)
  expect(stream.events.some(ofSource('source:complete', 1))).toBe(false)
  expect(stream.events.filter(({ event, data }) => event?.startsWith('transformation:') && data['name'] !== 'RemoveComments')).toEqual([])

  lists.open('second', SECOND)
  expect(await stream.exit).toBe(0)
  const { events } = stream
  const after = events.slice(events.findIndex(ofSource('source:complete', 1)))
  const steps = after
    .filter(({ event }) => event?.startsWith('transformation:'))
    .map(({ event, data }) => `${event} ${String(data['name'])}`)
  expect(steps).toEqual([
    'transformation:start Compress',
    'transformation:complete Compress',
    'transformation:start Deduplicate',
    'transformation:complete Deduplicate',
  ])
  expect(namesOf(events).slice(-2)).toEqual(['result', 'done'])
  expectList(events.at(-2) as StreamEvent)
  expect(events.at(-1)?.data).toEqual({ success: true, status: 'completed' })
})

test('broken off in the middle and taken up with Last-Event-ID: nothing is missing and nothing comes twice', async () => {
  const lists = await startGatedLists()
  const { url } = await serve(await folderOfTest())
  const first = post(url, lists)
  const started = await startedBy(first)
  lists.open('first', FIRST)
  await first.seen(ofSource('source:complete', 0))
  await first.breakOff()
  const had = numbered(first.events)

  // And once more, while the compilation still waits.
  const second = takeUp(url, started, had)
  await second.seen(({ event }) => event === 'job')
  lists.open('second', SECOND)
  await second.seen(ofSource('source:complete', 1))
  await second.breakOff()
  had.push(...numbered(second.events))

  const third = takeUp(url, started, had)
  expect(await third.exit).toBe(0)
  const whole = takeUp(url, started)
  expect(await whole.exit).toBe(0)
  expect([...had, ...numbered(third.events)]).toEqual(numbered(whole.events))
  const ids = numbered(whole.events).map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(namesOf(whole.events).slice(-2)).toEqual(['result', 'done'])
  expectList(whole.events.at(-2) as StreamEvent)
})

test('the server is killed with kill -9 in the middle: the stream goes on at the next one, to its end', async () => {
  const folder = await folderOfTest()
  const lists = await startGatedLists()
  const killed = await serve(folder)
  const before = post(killed.url, lists)
  const started = await startedBy(before)
  lists.open('first', FIRST)
  await before.seen(ofSource('source:complete', 0))
  await lists.asked('second')
  await killed.kill()
  expect(await before.exit).not.toBe(0)
  const had = numbered(before.events)

  const { url } = await serve(folder)
  const after = takeUp(url, started, had)
  await after.seen(ofSource('source:start', 1))
  await lists.asked('second')
  lists.open('second', SECOND)
  expect(await after.exit).toBe(0)
  expect(namesOf(after.events).slice(-2)).toEqual(['result', 'done'])
  expectList(after.events.at(-2) as StreamEvent)

  const whole = takeUp(url, started)
  expect(await whole.exit).toBe(0)
  expect(numbered(whole.events)).toEqual([...had, ...numbered(after.events)])
})
