import { compile } from '@headway/filters/compiler'
import type { CompileEvent, CompileOptions, Configuration, Load } from '@headway/filters/compiler'
import { describe, expect, it } from 'vitest'
import { gate } from './gate.js'

const loaded = (text: string, more: object = {}) => ({ bytes: Buffer.from(text), sha256: `sha of ${text}`, ...more })
const preFetched = { a: 'a1\na2', b: 'b1', c: 'c1' }

describe('the list', () => {
  it('begins with a header that has what is given, on one line each', async () => {
    const configuration = {
      name: 'T\r\n||evil^',
      description: 'D',
      homepage: 'H',
      license: 'L',
      version: 'V',
      sources: [{ source: 'b', name: 'N\nM' }],
    }
    const before = Date.now()
    const { rules, ruleCount } = await compile(configuration, { preFetched })
    const modified = rules.findIndex((line) => line.startsWith('! Last modified: '))
    expect(Date.parse(rules.at(modified)?.slice(17) ?? '')).toBeGreaterThanOrEqual(before)
    expect(rules.with(modified, '')).toEqual([
      '!',
      '! Title: T ||evil^',
      '! Description: D',
      '! Version: V',
      '! Homepage: H',
      '! License: L',
      '',
      '!',
      '! Compiled by Headway',
      '!',
      '!',
      '! Source name: N M',
      '! Source: b',
      '!',
      'b1',
    ])
    expect(ruleCount).toBe(rules.length)
  })

  it('leaves out what is empty', async () => {
    const { rules } = await compile({ name: 'T', description: '', version: '', sources: [{ source: 'b' }] }, { preFetched })
    expect(rules.filter((line) => /Description|Version|Homepage|Source name/.test(line))).toEqual([])
  })

  it('has its sources in their order, whichever is there first, and transforms their headers too', async () => {
    const ready = gate()
    const load: Load = async (source) => {
      if (source === 'slow') await ready.opened
      else ready.open()
      return loaded(source)
    }
    const configuration: Configuration = { name: 'T', sources: [{ source: 'slow' }, { source: 'fast' }] }
    const plain = await compile(configuration, { load })
    expect(plain.rules.slice(6)).toEqual(['!', '! Source: slow', '!', 'slow', '!', '! Source: fast', '!', 'fast'])
    const { rules } = await compile({ ...configuration, transformations: ['RemoveComments'] }, { load })
    expect(rules.slice(6)).toEqual(['slow', 'fast'])
  })

  it('says what went in', async () => {
    const result = await compile({ name: 'T', sources: [{ source: 'a', name: 'A', inclusions: ['2'] }, { source: 'a' }] }, { preFetched })
    expect(result.sourceHashes).toEqual([{ source: 'a', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }])
    expect(result.metrics).toMatchObject({
      sourceCount: 2,
      ruleCount: result.rules.length,
      sources: [
        { name: 'A', source: 'a', loadedCount: 2, ruleCount: 1, bytes: 5 },
        { name: 'a', ruleCount: 2 },
      ],
    })
    expect(result.metrics.transformationMetrics).toBeUndefined()
  })

  it('measures transformations where it is asked to', async () => {
    const configuration: Configuration = {
      name: 'T',
      sources: [{ source: 'a', transformations: ['InvertAllow'] }],
      transformations: ['RemoveComments'],
    }
    const { metrics } = await compile(configuration, { preFetched, benchmark: true })
    expect(metrics.transformationMetrics).toMatchObject([
      { name: 'InvertAllow', source: 'a', sourceIndex: 0, inputCount: 2, outputCount: 2 },
      { name: 'RemoveComments', inputCount: 5, outputCount: 2 },
    ])
  })
})

describe('events', () => {
  it('tell of all sources at once, and of each that is ready while others still load', async () => {
    const seen: string[] = []
    const ready = gate()
    const on = ({ type, data }: CompileEvent): void => {
      seen.push('source' in data ? `${type} ${data.source.source}` : type)
      if (type === 'source:complete' && data.source.source === 'fast') ready.open()
    }
    const load: Load = async (source) => {
      if (source === 'slow') await ready.opened
      return loaded(source)
    }
    await compile({ name: 'T', sources: [{ source: 'slow' }, { source: 'fast', transformations: ['TrimLines'] }] }, { load, on })
    expect(seen.slice(0, 2)).toEqual(['source:start slow', 'source:start fast'])
    expect(seen.indexOf('source:complete fast')).toBeLessThan(seen.indexOf('source:complete slow'))
    expect(seen.filter((type) => type === 'progress')).toHaveLength(2)
    expect(seen).toContain('transformation:start')
  })

  it('load no more sources at a time than the limit', async () => {
    let now = 0
    let most = 0
    const load: Load = async (source) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now--
      return loaded(source)
    }
    const sources = Array.from({ length: 20 }, (_, i) => ({ source: String(i) }))
    await compile({ name: 'T', sources }, { load, limits: { parallelLoads: 3 } })
    expect(most).toBe(3)
  })
})

describe('a source that fails', () => {
  const failing = (options: CompileOptions = {}) => {
    const events: CompileEvent[] = []
    const load: Load = (source) => (source === 'bad' ? Promise.reject(new Error('no answer')) : Promise.resolve(loaded(source)))
    const configuration = { name: 'T', sources: [{ source: 'good' }, { source: 'bad' }] }
    return { events, compiled: compile(configuration, { load, on: (event) => events.push(event), ...options }) }
  }

  it('fails the list', async () => {
    const { events, compiled } = failing()
    await expect(compiled).rejects.toMatchObject({ code: 'SOURCE_FAILED', message: "bad can't be loaded: no answer" })
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'source:error',
        data: expect.objectContaining({ sourceIndex: 1, error: "bad can't be loaded: no answer" }),
      }),
    )
  })

  it('is left out where that is wanted', async () => {
    const { events, compiled } = failing({ onSourceError: 'skip' })
    const { rules, metrics } = await compiled
    expect(rules.slice(6)).toEqual(['!', '! Source: good', '!', 'good'])
    expect(metrics.sources[1]).toMatchObject({ error: "bad can't be loaded: no answer" })
    expect(events.map(({ type }) => type)).toContain('source:error')
  })

  it('ends the loading of the others', async () => {
    let reason: unknown
    const load: Load = (source, { signal }) =>
      source === 'bad'
        ? Promise.reject(new Error('no'))
        : new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              reason = signal.reason
              reject(new Error('ended'))
            })
          })
    await expect(compile({ name: 'T', sources: [{ source: 'x' }, { source: 'bad' }] }, { load })).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
    })
    expect(reason).toBeDefined()
  })

  it('is said to be stale, or empty', async () => {
    const events: CompileEvent[] = []
    const load: Load = () => Promise.resolve(loaded('', { stale: true }))
    const { metrics } = await compile({ name: 'T', sources: [{ source: 'x' }] }, { load, on: (event) => events.push(event) })
    expect(metrics.sources[0]?.stale).toBe(true)
    const warnings = events.flatMap((event) => (event.type === 'log' ? [event.data.message] : []))
    expect(warnings).toEqual(['x could not be loaded; its last good copy is used.', 'x is empty.'])
  })
})

describe('cancel and pause', () => {
  it('rejects with the reason of the signal', async () => {
    const abort = new AbortController()
    const big = Array.from({ length: 200_000 }, (_, i) => `host${i}.example.com`).join('\n')
    const compiled = compile(
      { name: 'T', sources: [{ source: 'x' }], transformations: ['Compress', 'Validate'] },
      {
        preFetched: { x: big },
        signal: abort.signal,
        on: ({ type }) => type === 'transformation:start' && abort.abort(new Error('enough')),
      },
    )
    await expect(compiled).rejects.toThrow('enough')
    await expect(compile({ name: 'T', sources: [{ source: 'a' }] }, { preFetched, signal: abort.signal })).rejects.toThrow('enough')
  })

  it('asks between pieces of work whether it may go on', async () => {
    const big = Array.from({ length: 200_000 }, (_, i) => `host${i}.example.com`).join('\n')
    let asked = 0
    await compile(
      { name: 'T', sources: [{ source: 'x' }], transformations: ['Compress', 'Validate'] },
      { preFetched: { x: big }, pausePoint: () => void asked++ },
    )
    expect(asked).toBeGreaterThan(3)
  })
})

it.each([
  ['patterns', Array.from({ length: 5_000 }, (_, index) => `*no${index}such*line*`)],
  ['a pattern that backtracks', ['/^(?!x).*(.*)(.*)(.*)no such line/']],
])('tells how far a long step is: %s', async (_, exclusions) => {
  const enough = new AbortController()
  const lines = Array.from({ length: 500_000 }, (_value, index) => `||host${index}.example.com^`).join('\n')
  const heard: CompileEvent[] = []
  const compiled = compile(
    { name: 'T', sources: [{ source: 'x' }], exclusions },
    {
      preFetched: { x: lines },
      signal: enough.signal,
      limits: { patternDeadlineMs: 60_000 },
      on: (event) => {
        heard.push(event)
        if (event.type === 'progress' && event.data.phase === 'transformation') enough.abort(new Error('enough'))
      },
    },
  )
  await expect(compiled).rejects.toThrow('enough')
  expect(heard.at(-1)).toEqual({
    type: 'progress',
    data: {
      phase: 'transformation',
      current: expect.any(Number) as number,
      total: 500_003,
      message: expect.stringMatching(/^Exclude: [1-9]\d* of 500003 lines\.$/) as string,
    },
  })
})

it('refuses what is not valid before it loads anything', async () => {
  const load: Load = () => Promise.reject(new Error('must not be called'))
  await expect(compile({ name: 'T', sources: [] }, { load })).rejects.toMatchObject({ code: 'INVALID_CONFIGURATION' })
  const sources = [{ source: 'a' }, { source: 'b' }]
  await expect(compile({ name: 'T', sources }, { load, limits: { sources: 1 } })).rejects.toMatchObject({
    code: 'INVALID_CONFIGURATION',
    fields: [{ pointer: '/sources', message: 'has 2 items; at most 1 are allowed' }],
  })
  const exclusions_sources = ['ftp://example.org/patterns', '/etc/passwd', 'given', 'https://[x/', 'http://']
  const fields = ['/exclusions_sources/0', '/exclusions_sources/1', '/exclusions_sources/3', '/exclusions_sources/4'].map((pointer) => ({
    pointer,
  }))
  await expect(
    compile({ name: 'T', sources: [{ source: 'given' }], exclusions_sources }, { preFetched: { given: 'x' } }),
  ).rejects.toMatchObject({
    code: 'INVALID_CONFIGURATION',
    fields,
  })
})
