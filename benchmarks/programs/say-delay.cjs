// Loaded before a server (node --require): measures how late the event loop of its main thread is, when its parent asks.
const { monitorEventLoopDelay } = require('node:perf_hooks')
const { isMainThread } = require('node:worker_threads')

/** How often the loop is looked at, in milliseconds. It is part of every delay that is reported. */
const RESOLUTION_MS = 1

if (isMainThread && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  process.on('message', (asked) => {
    if (asked === 'watch') {
      delay.reset()
      delay.enable()
      process.send({ watching: true })
    } else {
      delay.disable()
      process.send({ p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 })
    }
  })
  // A parent that is gone wants no server; the channel alone keeps none alive.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}
