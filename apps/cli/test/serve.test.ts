import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../src/demo/free-port.js'
import { listensAt } from './support/listens-at.js'
import { Command, run, workFolder } from './support/command.js'
import { listOf, sourceServer } from './support/source-server.js'

const SERVE = ['serve', '--port', '0', '--tasks', 'tasks.yaml']
const LISTENS = /listens at (http:\S+)\/\n(?:.*\n)*Try: (.*)\n/

async function serve(
  folder: string,
  args: readonly string[] = SERVE,
  env: Record<string, string> = {},
): Promise<Command & { url: string }> {
  const command = new Command(folder, args, env)
  const [, url = ''] = await command.says(LISTENS)
  return Object.assign(command, { url })
}

describe('headway serve', () => {
  it('says where it is, makes a key on the first start, and keeps it', async () => {
    const folder = await workFolder()
    const first = await serve(folder)
    expect(first.stdout).toContain(`Data folder: ${join(folder, 'data')}`)
    expect(first.stdout).toContain('API key: cat ./data/admin-key')
    expect(first.stdout).toContain('curl -H "X-API-Key: $(cat ./data/admin-key)"')
    const path = join(folder, 'data', 'admin-key')
    const key = (await readFile(path, 'utf8')).trim()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(key).toMatch(/^hw_[A-Za-z0-9_-]{43}$/)
    expect((await fetch(`${first.url}/jobs`, { headers: { 'x-api-key': key } })).status).toBe(200)
    expect((await fetch(`${first.url}/jobs`)).status).toBe(401)
    first.process.kill('SIGTERM')
    expect(await first.exit).toBe(0)
    expect(first.stdout + first.stderr).not.toContain(key)

    const second = await serve(folder)
    expect((await fetch(`${second.url}/jobs`, { headers: { 'x-api-key': key } })).status).toBe(200)
  })

  it('makes its key anew where a crash left an empty file, and half of one', async () => {
    const folder = await workFolder({ 'data/admin-key': '', 'data/admin-key.tmp': 'hw_half' })
    const { url } = await serve(folder)
    const key = (await readFile(join(folder, 'data', 'admin-key'), 'utf8')).trim()
    expect(key).toMatch(/^hw_[A-Za-z0-9_-]{43}$/)
    expect((await stat(join(folder, 'data', 'admin-key'))).mode & 0o777).toBe(0o600)
    expect((await fetch(`${url}/jobs`, { headers: { 'x-api-key': key } })).status).toBe(200)
    expect(await readdir(join(folder, 'data'))).not.toContain('admin-key.tmp')
  })

  it('makes no key where some are configured', async () => {
    const folder = await workFolder()
    const { url, stdout } = await serve(folder, SERVE, { HEADWAY_API_KEYS: 'board:read:a-key-of-the-board,ci:run:a-key-of-the-ci' })
    expect(stdout).toContain('API key: as configured')
    await expect(stat(join(folder, 'data', 'admin-key'))).rejects.toThrow('ENOENT')
    const create = (key: string) => fetch(`${url}/api/tasks/hello`, { method: 'POST', headers: { 'x-api-key': key } })
    expect((await create('a-key-of-the-board')).status).toBe(403)
    expect((await create('a-key-of-the-ci')).status).toBe(202)
  })

  it('runs tasks', async () => {
    const { url } = await serve(await workFolder(), SERVE, { HEADWAY_ADMIN_KEY: 'the-key-of-the-admin' })
    const answer = await fetch(`${url}/api/tasks/hello`, {
      method: 'POST',
      headers: { 'x-api-key': 'the-key-of-the-admin', prefer: 'wait=20' },
    })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ success: true, task: { status: 'completed', progress: 100 } })
  })

  it('keeps so many compilations of filter lists, whatever is kept of other jobs', async () => {
    const env = { HEADWAY_KEEP_FINISHED: '1', HEADWAY_FILTERS_KEEP_FINISHED: '3', HEADWAY_FILTERS_RATE_LIMIT: '0' }
    const { url } = await serve(await workFolder(), SERVE, env)
    const results: (() => Promise<number>)[] = []
    for (const name of ['first', 'second', 'third', 'fourth']) {
      const body = { configuration: { name, sources: [{ source: 'own' }] }, preFetchedContent: { own: '||ads.example^' } }
      const answer = await fetch(`${url}/compile`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      const headers = { 'x-job-token': answer.headers.get('x-job-token') ?? '' }
      const { requestId } = (await answer.json()) as { requestId: string }
      results.push(async () => (await fetch(`${url}/queue/results/${requestId}`, { headers })).status)
    }
    await expect.poll(() => results[0]?.(), { timeout: 20_000 }).toBe(404)
    expect(await Promise.all(results.slice(1).map((ask) => ask()))).toEqual([200, 200, 200])
  })

  it('downloads so many sources of one address at a time, and gives each compilation so much memory', async () => {
    let open = 0
    let most = 0
    const later = (response: ServerResponse): void => {
      most = Math.max(most, ++open)
      setTimeout(() => response.end(`||example${open--}.org^`), 100)
    }
    const lists = await sourceServer({
      '/one': later,
      '/one?version=2': later,
      '/large': listOf(Array.from({ length: 400_000 }, (_, index) => `0.0.0.0 host${index}.example.com`).join('\n')),
    })
    const env = {
      HEADWAY_FILTERS_ALLOW_ADDRESSES: 'loopback',
      HEADWAY_FILTERS_DOWNLOADS_PER_OWNER: '1',
      HEADWAY_FILTERS_THREAD_MEMORY: '32',
    }
    const { url } = await serve(await workFolder(), SERVE, env)
    const compile = async (...sources: readonly string[]): Promise<Record<string, unknown>> => {
      const configuration = { name: 'L', sources: sources.map((source) => ({ source })), transformations: ['Compress', 'Deduplicate'] }
      const body = JSON.stringify({ configuration })
      const answer = await fetch(`${url}/compile`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      return (await answer.json()) as Record<string, unknown>
    }
    expect(await compile(`${lists.url}/one`, `${lists.url}/one?version=2`)).toMatchObject({ success: true })
    expect(most).toBe(1)
    expect(await compile(`${lists.url}/large`)).toMatchObject({ success: false, code: 'OUT_OF_MEMORY' })
  })

  it('stops at SIGTERM, and the programs of its tasks with it', async () => {
    const headers = { 'x-api-key': 'the-key-of-the-admin' }
    const server = await serve(await workFolder(), [...SERVE, '--shutdown-grace', '200ms'], { HEADWAY_ADMIN_KEY: headers['x-api-key'] })
    const { taskId } = (await (await fetch(`${server.url}/api/tasks/long`, { method: 'POST', headers })).json()) as { taskId: string }
    const stream = await fetch(`${server.url}/api/tasks/${taskId}/stream`, { headers })
    server.process.kill('SIGTERM')
    expect(await server.exit).toBe(0)
    expect(await stream.text()).toContain('server_stopped')
  })

  it('ends at once at the second signal', async () => {
    const headers = { 'x-api-key': 'the-key-of-the-admin' }
    const server = await serve(await workFolder(), [...SERVE, '--shutdown-grace', '1h'], { HEADWAY_ADMIN_KEY: headers['x-api-key'] })
    const { taskId } = (await (await fetch(`${server.url}/api/tasks/long`, { method: 'POST', headers })).json()) as { taskId: string }
    const stream = await fetch(`${server.url}/api/tasks/${taskId}/stream`, { headers })
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    for (let text = ''; !text.includes('Executing');) text += (await reader?.read())?.value ?? ''
    server.process.kill('SIGINT')
    await server.says(/once more to stop at once/)
    server.process.kill('SIGINT')
    expect(await server.exit).toBe(1)
  })

  it('has cleaned up what the last server left when it begins to listen', async () => {
    const folder = await workFolder()
    const blobs = join(folder, 'data', 'blobs')
    for (let n = 0; n < 1000; n += 1) await mkdir(join(blobs, randomUUID()), { recursive: true })
    const port = await freePort()
    const command = new Command(folder, ['serve', '--tasks', 'tasks.yaml', '--port', String(port)])
    while (!(await listensAt(port))) await new Promise((resolve) => setImmediate(resolve))
    expect(await readdir(blobs)).toEqual([])
    await command.says(LISTENS)
  })

  it('logs to files, too, where a folder for them is set', async () => {
    const folder = await workFolder()
    const command = await serve(folder, SERVE, { HEADWAY_LOG_DIR: 'var/logs', HEADWAY_ADMIN_KEY: 'the-key-of-the-admin' })
    await (await fetch(`${command.url}/jobs?token=secret-of-somebody`)).arrayBuffer()
    // Reading the type file again fails, and is an error.
    await writeFile(join(folder, 'tasks.yaml'), 'types:\n  bad:\n    steps: 5\n')
    const lines = async (name: string): Promise<Record<string, unknown>[]> =>
      (await readFile(join(folder, 'var', 'logs', name), 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    await expect.poll(() => lines('error.log'), { timeout: 20_000 }).toHaveLength(1)
    command.process.kill('SIGTERM')
    expect(await command.exit).toBe(0)
    const [all, errors] = [await lines('combined.log'), await lines('error.log')]
    expect(errors).toEqual([expect.objectContaining({ level: 'error' })])
    expect(all).toEqual(expect.arrayContaining([...errors, expect.objectContaining({ level: 'info', msg: 'started' })]))
    expect(JSON.stringify(all)).toContain('token=[redacted]')
    expect(
      command.stderr
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(all)
  })

  it('says so where there can be no folder for logs', async () => {
    const { code, stderr } = await run(await workFolder({ logs: 'a file' }), [...SERVE, '--log-dir', 'logs'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^headway: .*logs.*\n$/)
  })

  it('says in one line that its data folder is in use', async () => {
    const folder = await workFolder()
    await serve(folder)
    const { code, stderr } = await run(folder, SERVE)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^headway: The data folder .* is in use by another server.*\n$/)
  })

  it('says in one line that its port is in use', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve)
    })
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const { code, stderr } = await run(await workFolder(), ['serve', '--tasks', 'tasks.yaml', '--port', String(port)])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `headway: Port ${port} of 127.0.0.1 is in use; choose another with --port or PORT.\n`,
    })
  })

  it('refuses a task file with a mistake, and says where it is', async () => {
    const folder = await workFolder({ 'tasks.yaml': 'types:\n  bad:\n    steps: 5\n' })
    const { code, stderr } = await run(folder, SERVE)
    expect(code).toBe(1)
    expect(stderr).toMatch(/tasks\.yaml:3/)
    expect(stderr).not.toMatch(/^ +at /m)
  })
})
