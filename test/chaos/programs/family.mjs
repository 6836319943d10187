// A program that does not want to end: it ignores SIGTERM, and so do its child, a grandchild in a session of its own, and a process
// whose parent has gone. It says "ready" when all are there.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

process.on('SIGTERM', () => undefined)
const forever = `trap '' TERM; while :; do sleep 60; done`
spawn('sh', ['-c', forever], { stdio: 'inherit' })
spawn('sh', ['-c', `trap '' TERM; setsid sh -c "${forever}" & wait`], { stdio: 'inherit' })
spawn('sh', ['-c', `(${forever}) & exit`], { stdio: 'inherit' })
while (loops() < 3) await wait(20)
console.log('ready')
setInterval(() => undefined, 60_000)

/** How many of the loops run, each of which has begun its sleep: they ignore the signal by then. */
function loops() {
  return readdirSync('/proc').filter((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
      const isOwn = environment.includes(`HEADWAY_RUN=${process.env.HEADWAY_RUN}`)
      return isOwn && readFileSync(`/proc/${pid}/cmdline`, 'latin1') === 'sleep\x0060\0'
    } catch {
      return false
    }
  }).length
}
