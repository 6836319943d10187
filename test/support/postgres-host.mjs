// What a PostgreSQL server of the tests needs of the machine: a user, a port, and somebody who ends it when whoever started it is gone.
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below the ports that Linux gives to outgoing connections, so that a server that restarts finds its own still free. */
const PORTS = [20_000, 32_000]

/**
 * Ends the server and removes its folder once the standard input ends: when that is closed, and by itself when whoever holds the other end was killed.
 * The file goes when the server has ended; where the server was killed it stays.
 */
const KEEPER = `
cat >/dev/null
file="$1/data/postmaster.pid"
if pid=$(head -n 1 "$file" 2>/dev/null); then
  kill -QUIT "$pid" 2>/dev/null
  left=300
  while [ -e "$file" ] && kill -0 "$pid" 2>/dev/null && [ "$left" -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
fi
rm -rf "$1" || { sleep 1; rm -rf "$1"; }
`

/**
 * Watches over a server whose data is in `data` of a folder. In a session of its own, so that what is sent to a terminal's or a test run's group does not reach it.
 *
 * @param {string} folder
 */
export function startKeeper(folder) {
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', folder], {
    cwd: '/',
    env: environment(),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // It holds nobody who forgets it.
  keeper.unref()
  keeper.stdin.unref()
  return keeper
}

/** Nothing of the machine's own PostgreSQL, such as PGPORT. */
export function environment() {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
}

/** Who runs the server, where that is not whoever runs this: every Linux has `nobody`, so none need be made. */
export function serverUser() {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined
}

/** A port of this machine's own address that nobody listens at. */
export async function freePort() {
  for (;;) {
    const probe = createServer()
    const port = randomInt(PORTS[0], PORTS[1])
    const free = await new Promise((resolve) => {
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => resolve(true))
    })
    await new Promise((resolve) => probe.close(resolve))
    if (free) return port
  }
}
