import { defineJob, JobFailure, ProcessHostLostError } from '@headway/core'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** More than any run of these tests takes from one job. */
const MANY = 1_000_000

const unitsSchema = z.object({ label: z.string(), units: z.int(), pauseMs: z.int(), noise: z.int(), padding: z.int() })
const scriptSchema = z.object({ label: z.string(), lines: z.int(), pauseMs: z.int(), manner: z.string() })
const flakySchema = z.object({ label: z.string(), failures: z.int(), pauseMs: z.int() })

const SCRIPT = fileURLToPath(new URL('../programs/script.mjs', import.meta.url))

/**
 * The job types of the chaos server. Every event carries the epoch of the run that wrote it.
 *
 * @param {{ mark: string, workFolder: string }} options `mark` is put into the environment of every script
 */
export function createJobTypes({ mark, workFolder }) {
  const script = async (input, ctx) => {
    const running = await ctx.spawn({
      command: process.execPath,
      args: [SCRIPT, workFolder, String(input.lines), String(input.pauseMs), input.manner],
      cwd: workFolder,
      env: { CHAOS_MARK: mark, PATH: process.env.PATH ?? '' },
    })
    ctx.signal.addEventListener('abort', () => void running.stop(300))
    try {
      for await (const text of linesOf(running.output)) await ctx.emit('line', { epoch: ctx.epoch, text })
      const { exitCode, signal } = await running.exit
      if (exitCode !== 0) throw new JobFailure('script_failed', `The script ended with ${exitCode ?? signal}.`)
      return { exitCode }
    } catch (error) {
      if (error instanceof ProcessHostLostError) throw new JobFailure('host_lost', error.message)
      throw error
    }
  }
  return [
    defineJob({ name: 'units', input: unitsSchema, pausable: true, maxRecoveries: MANY, graceMs: 500, concurrency: 20, run: runUnits }),
    defineJob({
      name: 'thread-units',
      input: unitsSchema,
      pausable: true,
      maxRecoveries: MANY,
      graceMs: 500,
      concurrency: 4,
      thread: new URL('./units-thread.mjs', import.meta.url),
    }),
    defineJob({ name: 'script-once', input: scriptSchema, maxRecoveries: 0, graceMs: 1000, run: script }),
    defineJob({
      name: 'script-again',
      input: scriptSchema,
      maxRecoveries: MANY,
      retry: { attempts: MANY, minDelayMs: 10, maxDelayMs: 50 },
      graceMs: 1000,
      run: script,
    }),
    defineJob({
      name: 'flaky',
      input: flakySchema,
      maxRecoveries: MANY,
      retry: { attempts: MANY, minDelayMs: 10, maxDelayMs: 100 },
      async run(input, ctx) {
        await ctx.emit('try', { epoch: ctx.epoch, attempt: ctx.attempt })
        await wait(input.pauseMs, undefined, { signal: ctx.signal })
        if (ctx.attempt <= input.failures) throw new Error(`Attempt ${ctx.attempt} fails, as it should.`)
        return { attempt: ctx.attempt }
      },
    }),
  ]
}

/** Does one unit after another. Each unit's event and checkpoint go together; the noise before it has none and is not waited for. */
export async function runUnits(input, ctx) {
  const text = 'x'.repeat(input.padding)
  for (let unit = ctx.saved?.done ?? 0; unit < input.units; unit += 1) {
    await ctx.pausePoint()
    for (let i = 0; i < input.noise; i += 1) void ctx.emit('noise', { epoch: ctx.epoch, unit, i, text })
    await ctx.emit('unit', { epoch: ctx.epoch, unit, text }, { checkpoint: { done: unit + 1 } })
    if (input.pauseMs > 0) await wait(input.pauseMs, undefined, { signal: ctx.signal })
  }
  return { done: input.units }
}

/** Whole lines of what a script prints. */
async function* linesOf(output) {
  const decoder = new StringDecoder()
  let rest = ''
  for await (const { bytes } of output) {
    const lines = (rest + decoder.write(Buffer.from(bytes))).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}
