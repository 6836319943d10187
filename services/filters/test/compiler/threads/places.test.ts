import type { Load } from '@headway/filters/compiler'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { gate } from '../gate.js'
import { ONE, setUp } from './support.js'

/** Loads that say whose turn it is, and go on when they may. */
function turns(): { begun: string[]; loadFor: (name: string) => Load; let: (name: string) => void; ended: () => void } {
  const begun: string[] = []
  const gates = new Map<string, ReturnType<typeof gate>>()
  const gateOf = (name: string): ReturnType<typeof gate> => {
    const found = gates.get(name) ?? gate()
    gates.set(name, found)
    return found
  }
  return {
    begun,
    loadFor: (name) => async () => {
      begun.push(name)
      await gateOf(name).opened
      return { bytes: Buffer.from('a'), sha256: 'x' }
    },
    let: (name) => gateOf(name).open(),
    ended: () => {
      for (const one of gates.values()) one.open()
    },
  }
}

describe('threads', () => {
  it('are not all for one owner: the others pass by those of it that wait', async () => {
    const { workers, files } = await setUp({ threads: 6 })
    const { begun, loadFor, let: goOn } = turns()
    const compile = (name: string, owner: string): Promise<unknown> => workers.compile(ONE, files({ load: loadFor(name), owner }))
    const all = ['a1', 'a2', 'a3', 'a4'].map((name) => compile(name, 'a'))
    all.push(compile('b1', 'b'), compile('c1', 'c'))
    await expect.poll(() => [...begun].sort()).toEqual(['a1', 'a2', 'b1', 'c1'])
    // Its own places come free one by one, and go to its own in the order of their arrival.
    goOn('a1')
    await expect.poll(() => begun.at(-1)).toBe('a3')
    expect(begun).not.toContain('a4')
    for (const name of ['a2', 'a3', 'a4', 'b1', 'c1']) goOn(name)
    await Promise.all(all)
  })

  it('go to those who wait, not to who comes at that moment', async () => {
    const { workers, files } = await setUp({ threads: 1 })
    const { begun, loadFor, let: goOn } = turns()
    const first = workers.compile(ONE, files({ load: loadFor('first') }))
    const second = workers.compile(ONE, files({ load: loadFor('second') }))
    const third = first.then(() => workers.compile(ONE, files({ load: loadFor('third') })))
    for (const name of ['first', 'second', 'third']) goOn(name)
    await Promise.all([second, third])
    expect(begun).toEqual(['first', 'second', 'third'])
  })

  it('are given back by what is paused and then aborted', async () => {
    const { createPauseSwitch } = await import('@headway/filters/compiler')
    const { workers, files } = await setUp({ threads: 1 })
    const { begun, loadFor, let: goOn } = turns()
    const parked = new AbortController()
    const pauseSwitch = createPauseSwitch()
    const paused = workers.compile(ONE, files({ load: loadFor('paused'), signal: parked.signal, pauseSwitch }))
    await expect.poll(() => begun).toEqual(['paused'])
    pauseSwitch.pause()
    goOn('paused')
    const next = workers.compile(ONE, files({ load: loadFor('next') }))
    parked.abort(new Error('paused for long'))
    await expect(paused).rejects.toThrow('paused for long')
    goOn('next')
    await next
  })

  it('that can not be started hold no place', async () => {
    const script = fileURLToPath(new URL('../../fixtures/no-threads.mjs', import.meta.url))
    // The permission model refuses threads.
    const flags = ['--experimental-permission', '--allow-fs-read=*', '--allow-fs-write=*', '--no-warnings']
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script])
    expect(stdout.trim().split('\n')).toEqual(['THREAD_CRASHED', 'THREAD_CRASHED', 'THREAD_CRASHED'])
  })
})
