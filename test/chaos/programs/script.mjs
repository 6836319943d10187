// A script of a job: it prints lines and leaves processes behind, one of them in a session of its own. Before its first line it
// looks whether another run of its job is still at work, and writes that down: two must never be.
import { spawn } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const [folder = '.', lines = '10', pauseMs = '10', manner = 'plain'] = process.argv.slice(2)
const own = process.env.HEADWAY_RUN ?? ''
const job = own.slice(0, own.indexOf(':') + 1)
const epoch = own.slice(job.length)

appendFileSync(join(folder, 'pids.log'), `${process.pid} ${own}\n`)
for (const run of runsAtWork()) {
  if (run !== own && run.startsWith(job)) appendFileSync(join(folder, 'overlaps.log'), `${own} began while ${run} was at work\n`)
}
if (manner === 'stubborn') process.on('SIGTERM', () => undefined)
spawn('sleep', ['600'], { stdio: 'ignore' }).unref()
spawn('sleep', ['600'], { stdio: 'ignore', detached: true }).unref()
for (let line = 0; line < Number(lines); line += 1) {
  console.log(`line ${line} of epoch ${epoch}`)
  if (Number(pauseMs) > 0) await wait(Number(pauseMs))
}
process.exit()

function runsAtWork() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
        // A process that was killed is not at work, though it may take a moment to leave the table.
        const dying = /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
        const run = environment.find((entry) => entry.startsWith('HEADWAY_RUN='))
        return run === undefined || dying ? [] : [run.slice('HEADWAY_RUN='.length)]
      } catch {
        return []
      }
    })
}
