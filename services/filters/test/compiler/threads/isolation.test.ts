import { compile } from '@headway/filters/compiler'
import type { CompileEvent, Configuration, Load } from '@headway/filters/compiler'
import { describe, expect, it } from 'vitest'
import { gate } from '../gate.js'
import { hosts, loadOf, ONE, setUp, watchThreads } from './support.js'

/** One source fails while another is being transformed and many more are still to be loaded. */
const FAILING: Configuration = {
  name: 'A',
  sources: [
    { source: 'bad' },
    { source: 'large', transformations: ['Compress', 'Validate'] },
    ...Array.from({ length: 40 }, (_, i) => ({ source: `private${i}` })),
  ],
}
const FAILING_TEXTS = { bad: '!#endif\nx', large: hosts(50_000) }

describe('a compilation that fails', () => {
  it('goes on in nothing that comes after it on the same thread', async () => {
    const { workers, files } = await setUp({ threads: 1 })
    const threads = watchThreads()
    const asked: string[] = []
    const heardByFirst: CompileEvent[] = []
    const first = workers.compile(
      FAILING,
      files({ preFetched: FAILING_TEXTS, load: loadOf('||private^'), on: (event) => heardByFirst.push(event) }),
    )
    const heardBySecond: CompileEvent[] = []
    const second = workers.compile(
      ONE,
      files({
        load: (source) => {
          asked.push(source)
          return Promise.resolve({ bytes: Buffer.from('b'), sha256: 'x' })
        },
        on: (event) => heardBySecond.push(event),
      }),
    )
    await expect(first).rejects.toMatchObject({ code: 'INVALID_DIRECTIVE' })
    await threads[0]?.ended
    const count = heardByFirst.length
    expect((await second).ruleCount).toBe(10)
    expect(asked).toEqual(['s'])
    expect(new Set(heardBySecond.flatMap(({ data }) => ('source' in data ? [data.source.source] : [])))).toEqual(new Set(['s']))
    expect(heardByFirst).toHaveLength(count)
    expect(threads).toHaveLength(2)
  })

  it('has ended with all its sources when it rejects, with the first error', async () => {
    const asked: string[] = []
    const events: string[] = []
    const load: Load = (source, { signal }) => {
      asked.push(source)
      // The second failure comes after, and because of, the first.
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))))
    }
    const compiled = compile(FAILING, { preFetched: FAILING_TEXTS, load, on: ({ type }) => events.push(type) })
    await expect(compiled).rejects.toMatchObject({ code: 'INVALID_DIRECTIVE' })
    const before = [events.length, asked.length]
    expect(events.filter((type) => type === 'source:error')).toHaveLength(1)
    expect(asked.length).toBeLessThan(40)
    await new Promise((resolve) => setImmediate(resolve))
    expect([events.length, asked.length]).toEqual(before)
  })

  it('fails with what the patterns of the list failed with, and ends its sources', async () => {
    let reason: unknown
    const load: Load = (source, { signal }) =>
      source === 'patterns'
        ? Promise.reject(new Error('no patterns'))
        : new Promise(() => signal.addEventListener('abort', () => (reason = signal.reason)))
    const compiled = compile({ ...ONE, exclusions_sources: ['patterns'] }, { load })
    await expect(compiled).rejects.toMatchObject({ code: 'SOURCE_FAILED', message: expect.stringContaining('no patterns') as string })
    expect(reason).toMatchObject({ code: 'SOURCE_FAILED' })
  })

  it('goes on without a source whose patterns fail, if it may', async () => {
    const load: Load = (source) =>
      source === 'patterns' ? Promise.reject(new Error('no')) : Promise.resolve({ bytes: Buffer.from(source), sha256: 'x' })
    const sources = [{ source: 'a', exclusions_sources: ['patterns'] }, { source: 'b' }]
    const events: CompileEvent[] = []
    const { rules } = await compile({ name: 'n', sources }, { load, onSourceError: 'skip', on: (event) => events.push(event) })
    expect(rules).toContain('b')
    expect(rules).not.toContain('a')
    expect(events.filter(({ type }) => type === 'source:error')).toHaveLength(1)
  })
})

describe('a compilation that is cancelled', () => {
  const cases: [string, Configuration, string][] = [
    ['transforms a long list', { ...ONE, transformations: ['Compress', 'Validate'] }, hosts(300_000)],
    ['tries a pattern that backtracks', { ...ONE, exclusions: ['/(?=x)|(a+)+$/'] }, `${'a'.repeat(50)}!`],
    ['tries very many patterns', { ...ONE, exclusions: Array.from({ length: 100_000 }, (_, i) => `no${i}`) }, hosts(100_000)],
  ]
  it.each(cases)('while it %s ends its thread, and nothing comes after', async (_what, configuration, text) => {
    const { workers, files } = await setUp({ threads: 1 })
    const threads = watchThreads()
    const abort = new AbortController()
    const events: string[] = []
    const on = ({ type }: CompileEvent): void => {
      events.push(type)
      if (type === 'transformation:start') abort.abort(new Error('enough'))
    }
    await expect(workers.compile(configuration, files({ load: loadOf(text), signal: abort.signal, on }))).rejects.toThrow('enough')
    const count = events.length
    await threads[0]?.ended
    expect(events).toHaveLength(count)
    expect(events).not.toContain('transformation:complete')
    expect(threads).toHaveLength(1)
  })

  it('while it loads ends its thread and what it loads, and nothing comes after', async () => {
    const { workers, files } = await setUp({ threads: 1 })
    const threads = watchThreads()
    const abort = new AbortController()
    const aborted = gate()
    const events: string[] = []
    const load: Load = (_source, { signal, on }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          on({ type: 'log', data: { level: 'info', message: 'too late' } })
          aborted.open()
          resolve({ bytes: Buffer.from('late'), sha256: 'x' })
        })
        abort.abort(new Error('enough'))
      })
    const compiled = workers.compile(ONE, files({ load, signal: abort.signal, on: ({ type }) => events.push(type) }))
    await expect(compiled).rejects.toThrow('enough')
    await Promise.all([aborted.opened, threads[0]?.ended])
    expect(events).not.toContain('log')
    expect(events).not.toContain('source:complete')
  })

  it('fails when its listener throws', async () => {
    const { workers, files } = await setUp({ threads: 1 })
    const on = (): void => {
      throw new Error('can not hear')
    }
    await expect(workers.compile(ONE, files({ load: loadOf('a'), on }))).rejects.toThrow('can not hear')
  })
})
