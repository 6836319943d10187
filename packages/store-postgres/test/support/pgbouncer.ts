import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Ends with whoever holds the other end of its standard input. */
const KEEPER = 'PATH=$PATH:/usr/sbin; pgbouncer "$1" & cat >/dev/null; kill -INT $!; wait $!'

/** How long it may take to come up. In milliseconds. */
const PATIENCE_MS = 20_000

/** PgBouncer in transaction mode with its defaults, before the database of a URL: with few connections to it, so that clients change theirs all the time. */
export async function startPgBouncer(url: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { hostname, port, username, password } = new URL(url)
  const folder = mkdtempSync(join(tmpdir(), 'headway-pgbouncer-'))
  const own = await freePort()
  const users = join(folder, 'users')
  const settings = join(folder, 'pgbouncer.ini')
  writeFileSync(users, `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`)
  writeFileSync(
    settings,
    `[databases]
* = host=${hostname} port=${port || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = 4
`,
  )
  // It refuses to run as root, and its user must read the files.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  for (const [path, mode] of [
    [folder, 0o755],
    [users, 0o644],
    [settings, 0o644],
  ] as const)
    chmodSync(path, mode)
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', settings], { ...user, cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
  let said = ''
  keeper.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const close = async (): Promise<void> => {
    const exit = once(keeper, 'exit')
    keeper.stdin.end()
    await exit
    rmSync(folder, { recursive: true, force: true })
  }
  for (const deadline = Date.now() + PATIENCE_MS; !(await accepts(own)); await delay(20)) {
    if (Date.now() < deadline) continue
    await close()
    throw new Error(`PgBouncer did not come up:\n${said}`)
  }
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(own)
  return { url: through.href, close }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
