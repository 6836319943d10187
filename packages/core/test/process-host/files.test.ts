import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const HOST = fileURLToPath(new URL('../../dist/process-host/host-main.js', import.meta.url))

/** `TO_HOST.start` and its message, as a server writes it: length, kind, number of the child, payload. */
function startFrame(): Buffer {
  const message = { run: 'none:1', command: 'true', args: [], cwd: '/', env: {}, leaseMs: 60_000 }
  const payload = Buffer.from(JSON.stringify(message))
  const header = Buffer.alloc(9)
  header.writeUInt32LE(payload.length, 0)
  header.writeUInt8(1, 4)
  header.writeUInt32LE(1, 5)
  return Buffer.concat([header, payload])
}

test('a host whose server goes while it makes pipes leaves no files behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'headway-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const env = { PATH: process.env['PATH'] ?? '', TMPDIR: folder }
  const host = spawn(process.execPath, [HOST], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  host.stdout?.resume()
  host.stdin?.end(startFrame())
  expect(await once(host, 'exit')).toEqual([0, null])
  expect(readdirSync(folder)).toEqual([])
})
