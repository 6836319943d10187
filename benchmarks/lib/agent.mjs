import { monitorEventLoopDelay } from 'node:perf_hooks'
import { measureMemory } from './memory.mjs'

/** How often the delay of the event loop is looked at, in milliseconds. It is part of every delay that is reported. */
const DELAY_RESOLUTION_MS = 1

const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
const builtIn = {
  memory: measureMemory,
  /** Resident memory as it is, in bytes. */
  rss: () => process.memoryUsage.rss(),
  watchDelay() {
    delay.reset()
    delay.enable()
  },
  /** Milliseconds. */
  delay() {
    delay.disable()
    return { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 }
  },
}

/**
 * Answers the calls of the process that started this one. `close` is called at the end.
 *
 * @param functions what can be called, by name; each gets one object and gives a value or a promise
 */
export function answerCalls(functions, close = () => undefined) {
  const all = { ...builtIn, ...functions }
  process.on('message', async ({ id, name, args }) => {
    try {
      process.send({ id, result: await all[name](args) })
    } catch (error) {
      if (process.connected) process.send({ id, error: error.stack ?? String(error) })
    }
  })
  process.on('disconnect', async () => {
    await close()
    process.exit(0)
  })
}
