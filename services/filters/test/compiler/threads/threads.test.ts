import { compile, createPauseSwitch } from '@headway/filters/compiler'
import type { CompileEvent, Load } from '@headway/filters/compiler'
import { readdir } from 'node:fs/promises'
import { getPriority } from 'node:os'
import { describe, expect, it } from 'vitest'
import { gate } from '../gate.js'
import { hosts, loadOf, ONE, setUp, watchThreads } from './support.js'

/** The priorities of all threads of this process; a larger number is a lower priority. */
async function priorities(): Promise<number[]> {
  return (await readdir('/proc/self/task')).map((id) => {
    try {
      return getPriority(Number(id))
    } catch {
      // It has ended meanwhile.
      return -20
    }
  })
}

describe.runIf(process.platform === 'linux')('the priority of a thread that compiles', () => {
  it('is lower than that of the main thread, which stays what it was', async () => {
    const before = getPriority(process.pid)
    const { workers, files } = await setUp({ threads: 1 })
    const loading = gate()
    const go = gate()
    const load: Load = async () => {
      loading.open()
      await go.opened
      return { bytes: Buffer.from('a'), sha256: 'x' }
    }
    const compiled = workers.compile(ONE, files({ load }))
    await loading.opened
    expect(getPriority(process.pid)).toBe(before)
    expect((await priorities()).filter((one) => one > before)).toHaveLength(1)
    go.open()
    await compiled
    expect(getPriority(process.pid)).toBe(before)
  })

  it('is also that of its patterns which backtrack; they end with it', async () => {
    const before = getPriority(process.pid)
    const { workers, files } = await setUp({ threads: 1 })
    const abort = new AbortController()
    const compiled = workers.compile(
      { ...ONE, exclusions: ['/(?=x)|(a+)+$/'] },
      files({ load: loadOf(`${'a'.repeat(50)}!`), signal: abort.signal, limits: { patternDeadlineMs: 1_000_000 } }),
    )
    compiled.catch(() => undefined)
    await expect.poll(async () => (await priorities()).filter((one) => one > before).length).toBe(2)
    abort.abort(new Error('enough'))
    await expect(compiled).rejects.toThrow('enough')
    await expect.poll(async () => (await priorities()).filter((one) => one > before).length).toBe(0)
  })
})

describe('a thread that dies', () => {
  const dying = (
    deaths: number,
  ): { load: Load; on: (event: CompileEvent) => void; messages: string[]; threads: ReturnType<typeof watchThreads> } => {
    const threads = watchThreads()
    const messages: string[] = []
    let loads = 0
    const load: Load = async () => {
      if (loads++ < deaths) await threads.at(-1)?.worker.terminate()
      return { bytes: Buffer.from('a'), sha256: 'x' }
    }
    return { load, messages, threads, on: ({ type, data }) => void (type === 'log' && messages.push(data.message)) }
  }

  it('lets its compilation begin anew', async () => {
    const { workers, files } = await setUp({ threads: 1 })
    const { load, on, messages, threads } = dying(1)
    expect((await workers.compile(ONE, files({ load, on }))).ruleCount).toBe(10)
    expect(messages).toEqual(['The thread of the compilation ended before its work. The compilation begins anew.'])
    expect(threads).toHaveLength(2)
  })

  it('does so once', async () => {
    const { workers, files } = await setUp({ threads: 1 })
    const { load, on, threads } = dying(2)
    await expect(workers.compile(ONE, files({ load, on }))).rejects.toMatchObject({ code: 'THREAD_ENDED' })
    expect(threads).toHaveLength(2)
    expect((await workers.compile(ONE, files({ load, on }))).ruleCount).toBe(10)
  })
})

describe('the deadline of a compilation', () => {
  it('ends it while it loads', async () => {
    const load: Load = () => new Promise(() => undefined)
    const expected = { code: 'COMPILATION_TIMEOUT', message: expect.stringContaining('longer than the allowed 50 ms') as string }
    await expect(compile(ONE, { load, timeoutMs: 50 })).rejects.toMatchObject(expected)
    const { workers, files } = await setUp({ threads: 1 })
    const threads = watchThreads()
    await expect(workers.compile(ONE, files({ load, timeoutMs: 50 }))).rejects.toMatchObject(expected)
    await threads[0]?.ended
  })

  it('ends it while it works', async () => {
    const configuration = { ...ONE, exclusions: Array.from({ length: 100_000 }, (_, i) => `no${i}`) }
    const options = { preFetched: { s: hosts(100_000) }, timeoutMs: 200 }
    await expect(compile(configuration, options)).rejects.toMatchObject({ code: 'COMPILATION_TIMEOUT' })
    const { workers, files } = await setUp({ threads: 1 })
    await expect(workers.compile(configuration, files(options))).rejects.toMatchObject({ code: 'COMPILATION_TIMEOUT' })
  })

  it('does not count pauses, nor the time until its turn', async () => {
    const { workers, files } = await setUp({ threads: 2 })
    const never: Load = () => new Promise(() => undefined)
    const longer = workers.compile(ONE, files({ load: never, timeoutMs: 3_500 }))
    const pauseSwitch = createPauseSwitch()
    pauseSwitch.pause()
    const paused = workers.compile(ONE, files({ load: loadOf('a'), timeoutMs: 3_000, pauseSwitch }))
    const waiting = workers.compile(ONE, files({ load: loadOf('a'), timeoutMs: 3_000 }))
    await expect(longer).rejects.toMatchObject({ code: 'COMPILATION_TIMEOUT' })
    pauseSwitch.resume()
    expect((await paused).ruleCount).toBe(10)
    expect((await waiting).ruleCount).toBe(10)
  })

  it('does not count what the caller holds it for between pieces of work', async () => {
    let rests = 0
    const pausePoint = async (): Promise<void> => {
      if (rests++ === 0) await new Promise((resolve) => setTimeout(resolve, 3_500))
    }
    const options = { preFetched: { s: hosts(20_000) }, timeoutMs: 3_000, pausePoint }
    expect((await compile({ ...ONE, transformations: ['Compress', 'Validate'] }, options)).rules.length).toBeGreaterThan(20_000)
  })
})

describe('the time of patterns that backtrack', () => {
  it('is one for the whole compilation', async () => {
    // Each list alone takes well under a second, and far more than nothing.
    const slow = { exclusions: ['/(?=x)|(a+)+$/'] }
    const text = Array.from({ length: 40 }, () => `${'a'.repeat(16)}!`).join('\n')
    const sources = Array.from({ length: 100 }, (_, i) => ({ source: `s${i}`, ...slow }))
    const preFetched = Object.fromEntries(sources.map(({ source }) => [source, text]))
    const limits = { patternDeadlineMs: 3_000 }
    const one = await compile({ name: 'n', sources: sources.slice(0, 1) }, { preFetched, limits })
    expect(one.rules).toContain(text.split('\n')[0])
    await expect(compile({ name: 'n', sources }, { preFetched, limits })).rejects.toMatchObject({ code: 'PATTERN_TIMEOUT' })
  })
})
