import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Starts Debian's redis-server with an append-only file, hands it to `use`, and ends it.
 *
 * @param {'everysec' | 'always'} fsync when that file is on the disk: once a second, as BullMQ recommends, or before each answer
 * @param {(redis: { port: number, pid: number }) => Promise<T>} use
 * @template T
 */
export async function withRedis(fsync, use) {
  const folder = await mkdtemp(join(tmpdir(), 'headway-bench-redis-'))
  const port = await freePort()
  const options = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--appendfsync', fsync, '--save', '']
  const server = spawn('redis-server', [...options.map(String), '--maxmemory-policy', 'noeviction'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(server, 'exit')
  try {
    await ready(server, exited)
    return await use({ port, pid: server.pid })
  } finally {
    server.kill('SIGTERM')
    await exited
    await rm(folder, { recursive: true, force: true })
  }
}

async function ready(server, exited) {
  let said = ''
  const up = new Promise((resolve) => {
    server.stdout.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-10_000)
      if (said.includes('Ready to accept connections')) resolve()
    })
  })
  const ended = exited.then(() => {
    throw new Error(`redis-server ended: ${said}`)
  })
  // It ends at last, when nobody waits for it any more.
  ended.catch(() => undefined)
  await Promise.race([up, ended])
}

async function freePort() {
  const probe = createServer()
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return port
}
