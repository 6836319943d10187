// Loaded before a program (node --require): says in a file what its process has used, when it ends. HEADWAY_USAGE names the file.
const { writeFileSync } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

if (isMainThread) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    // Microseconds and KiB.
    writeFileSync(process.env.HEADWAY_USAGE, JSON.stringify({ processor: (userCPUTime + systemCPUTime) / 1e6, memory: maxRSS / 1024 }))
  })
}
