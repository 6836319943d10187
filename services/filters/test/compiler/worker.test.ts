import { compileInWorker, createCompileWorkers, createPauseSwitch } from '@headway/filters/compiler'
import type { CompileEvent, CompileInWorkerOptions, Configuration, Load } from '@headway/filters/compiler'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gate } from './gate.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headway-workers-'))
})
afterEach(() => rm(folder, { recursive: true }))

const list = (count: number, from = 0): string => Array.from({ length: count }, (_, i) => `0.0.0.0 host${from + i}.example.com`).join('\n')
const LARGE: Configuration = {
  name: 'L',
  sources: [{ source: 'x' }],
  transformations: ['Compress', 'RemoveModifiers', 'Validate', 'Deduplicate'],
}
const loadOf =
  (text: string): Load =>
  () =>
    Promise.resolve({ bytes: Buffer.from(text), sha256: 'x' })
const files = (more: Partial<CompileInWorkerOptions> = {}): CompileInWorkerOptions => ({ resultFile: join(folder, 'rules.json'), ...more })

describe('compileInWorker', () => {
  it('writes the rules as JSON and as text, and says how many', async () => {
    const odd = 'a"b\\c\n\u2028\té\n😀'
    const options = files({ textFile: join(folder, 'rules.txt'), preFetched: { x: `${list(20_000)}\n${odd}` } })
    const summary = await compileInWorker({ name: 'n', sources: [{ source: 'x' }] }, options)
    const json = await readFile(options.resultFile, 'utf8')
    const rules = JSON.parse(json) as string[]
    expect(rules.slice(-3)).toEqual(odd.split('\n'))
    expect(await readFile(join(folder, 'rules.txt'), 'utf8')).toBe(rules.join('\n'))
    expect(summary).toMatchObject({ ruleCount: rules.length, resultBytes: Buffer.byteLength(json), metrics: { ruleCount: rules.length } })
    expect(summary.textBytes).toBe(Buffer.byteLength(rules.join('\n')))
    expect(summary.diff).toBeUndefined()
  })

  it('loads through this thread and gives its events in order', async () => {
    const seen: string[] = []
    const load: Load = async (source, { on }) => {
      on({ type: 'log', data: { level: 'info', message: `loading ${source}` } })
      return { bytes: Buffer.from('pool').subarray(1), sha256: 'x' }
    }
    const on = (event: CompileEvent): void => void seen.push(event.type === 'log' ? event.data.message : event.type)
    await compileInWorker({ name: 'n', sources: [{ source: 's' }] }, files({ load, on }))
    expect(seen.slice(0, 3)).toEqual(['source:start', 'loading s', 'source:complete'])
    expect(JSON.parse(await readFile(join(folder, 'rules.json'), 'utf8'))).toContain('ool')
  })

  it('rejects with the errors of the compilation and of loading', async () => {
    const bad = { name: 'n', sources: [] as never[] }
    await expect(compileInWorker(bad, files())).rejects.toMatchObject({
      name: 'CompileError',
      code: 'INVALID_CONFIGURATION',
      fields: [{ pointer: '/sources' }],
    })
    const load: Load = () => Promise.reject(new Error('no answer'))
    await expect(compileInWorker({ name: 'n', sources: [{ source: 's' }] }, files({ load }))).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
    })
    await expect(compileInWorker({ name: 'n', sources: [{ source: 's' }] }, files())).rejects.toMatchObject({
      code: 'INVALID_CONFIGURATION',
      fields: [{ pointer: '/sources/0/source' }],
    })
  })

  it('says what differs from a previous list', async () => {
    const textFile = join(folder, 'first.txt')
    const configuration: Configuration = { name: 'n', sources: [{ source: 'x' }], transformations: ['Compress'] }
    await compileInWorker(configuration, files({ textFile, preFetched: { x: `${list(3_000)}\n! c` } }))
    const { diff } = await compileInWorker(
      configuration,
      files({ previousFile: textFile, preFetched: { x: `${list(3_000, 1_200)}\nzz\nzz\n! d` } }),
    )
    expect(diff).toMatchObject({ added: 1_201, removed: 1_200 })
    expect(diff?.addedExamples).toHaveLength(100)
    expect(diff?.removedExamples.slice(0, 2)).toEqual(['||host0.example.com^', '||host1.example.com^'])
  })
})

describe('createCompileWorkers', () => {
  it('compiles no more than so many at a time, and uses a thread again', async () => {
    const workers = createCompileWorkers({ threads: 2 })
    try {
      const both = gate()
      let now = 0
      let most = 0
      const load: Load = async () => {
        most = Math.max(most, ++now)
        // The first two only end together.
        if (now === 2) both.open()
        await both.opened
        now--
        return { bytes: Buffer.from('a'), sha256: 'x' }
      }
      const all = Array.from({ length: 6 }, (_, i) =>
        workers.compile({ name: 'n', sources: [{ source: 's' }] }, { load, resultFile: join(folder, `${i}.json`) }),
      )
      for (const { ruleCount } of await Promise.all(all)) expect(ruleCount).toBe(10)
      expect(most).toBe(2)
    } finally {
      await workers.close()
    }
    await expect(workers.compile({ name: 'n', sources: [{ source: 's' }] }, files())).rejects.toMatchObject({ code: 'WORKERS_CLOSED' })
  })

  it('ends a compilation that is cancelled, and goes on with others', async () => {
    const workers = createCompileWorkers({ threads: 1 })
    try {
      const abort = new AbortController()
      const working = workers.compile(
        LARGE,
        files({
          load: loadOf(list(300_000)),
          signal: abort.signal,
          on: ({ type }) => type === 'transformation:start' && abort.abort(new Error('enough')),
        }),
      )
      const waiting = new AbortController()
      const queued = workers.compile(LARGE, files({ signal: waiting.signal }))
      const next = workers.compile({ name: 'n', sources: [{ source: 's' }] }, { load: loadOf('a'), resultFile: join(folder, 'next.json') })
      waiting.abort(new Error('not any more'))
      await expect(queued).rejects.toThrow('not any more')
      await expect(working).rejects.toThrow('enough')
      expect((await next).ruleCount).toBe(10)
    } finally {
      await workers.close()
    }
  })

  it('aborts what it loads when it is cancelled', async () => {
    const abort = new AbortController()
    const aborted = gate()
    const load: Load = (_source, { signal }) => {
      signal.addEventListener('abort', () => aborted.open())
      abort.abort(new Error('enough'))
      return new Promise(() => undefined)
    }
    await expect(compileInWorker(LARGE, files({ load, signal: abort.signal }))).rejects.toThrow('enough')
    await aborted.opened
  })

  it('stands still while it is paused', async () => {
    const pauseSwitch = createPauseSwitch()
    const seen: string[] = []
    const begun = gate()
    const on = ({ type, data }: CompileEvent): void => {
      seen.push(type)
      if (type === 'transformation:start' && 'name' in data && data.name === 'Compress') {
        pauseSwitch.pause()
        begun.open()
      }
    }
    const compiled = compileInWorker(LARGE, files({ load: loadOf(list(300_000)), pauseSwitch, on }))
    await begun.opened
    let before = -1
    // It comes to rest: nothing is said any more.
    while (before !== seen.length) {
      before = seen.length
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(seen.filter((type) => type === 'transformation:complete').length).toBeLessThan(4)
    pauseSwitch.resume()
    expect((await compiled).ruleCount).toBe(300_009)
  })

  it('can be cancelled while it is paused', async () => {
    const pauseSwitch = createPauseSwitch()
    const abort = new AbortController()
    pauseSwitch.pause()
    const compiled = compileInWorker(
      LARGE,
      files({
        load: loadOf('a'),
        pauseSwitch,
        signal: abort.signal,
        on: ({ type }) => type === 'source:complete' && abort.abort(new Error('enough')),
      }),
    )
    await expect(compiled).rejects.toThrow('enough')
  })

  it('says when its memory does not suffice, and works on', async () => {
    const workers = createCompileWorkers({ threads: 1, memoryMb: 64 })
    try {
      await expect(workers.compile(LARGE, files({ load: loadOf(list(1_500_000)) }))).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' })
      expect((await workers.compile(LARGE, files({ load: loadOf('0 a.com') }))).ruleCount).toBe(10)
    } finally {
      await workers.close()
    }
  })

  it('compares lists', async () => {
    const workers = createCompileWorkers()
    try {
      const [first, second] = [join(folder, 'a.txt'), join(folder, 'b.txt')]
      await workers.compile({ name: 'n', sources: [{ source: 'x' }] }, files({ textFile: first, preFetched: { x: 'a\nb' } }))
      await workers.compile({ name: 'n', sources: [{ source: 'x' }] }, files({ textFile: second, preFetched: { x: 'b\nc' } }))
      const diff = await workers.compare({ textFile: second, previousFile: first })
      expect(diff).toEqual({ added: 1, removed: 1, addedExamples: ['c'], removedExamples: ['a'] })
    } finally {
      await workers.close()
    }
  })
})
