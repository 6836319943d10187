import { copyFile, mkdir, readFile, readdir, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOfTest, KEY, settingsWithTree } from './support/headway.js'
import { Program, ROOT } from './support/program.js'

const LISTENS = /listens at (http:\S+)\/\n/

/** Creates a check and waits for its end. */
async function check(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/api/tasks/check-integrity`, {
    method: 'POST',
    headers: { 'X-API-Key': KEY, 'Content-Type': 'application/json', Prefer: 'wait=60' },
    body: '{"version":"v885"}',
  })
  expect(answer.status).toBe(200)
  return answer.json()
}

const COMPLETED = { success: true, status: 'completed', task: { progress: 100, result: { success: true } } }

async function logLines(folder: string, name: string): Promise<{ msg: string }[]> {
  const text = await readFile(join(folder, name), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { msg: string })
}

test('`npm run api:sse` serves tasks, as the guide starts it', async () => {
  const folder = await folderOfTest()
  const env = { ...(await settingsWithTree(folder)), npm_config_loglevel: 'error' }
  const program = new Program('npm', ['run', '--silent', 'api:sse'], { env })
  const [, url = ''] = await program.says(LISTENS)
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok', ready: true })
  expect(await check(url)).toMatchObject(COMPLETED)
  const api = await (await fetch(`${url}/api`, { headers: { 'X-API-Key': KEY } })).json()
  expect(api).toMatchObject({ success: true, types: expect.arrayContaining([expect.objectContaining({ name: 'check-integrity' })]) })
  program.signal('SIGINT')
  await program.says(/SIGINT: stopping/)
  await program.exit
})

describe('src/api-server-sse.js', () => {
  const LAUNCHER = join(ROOT, 'src/api-server-sse.js')

  test('logs into ./logs unless another folder is set', async () => {
    const folder = await folderOfTest()
    const { HEADWAY_LOG_DIR: other = '', ...env } = await settingsWithTree(folder)
    const cwd = await folderOfTest()
    const program = new Program(process.execPath, [LAUNCHER], { env, cwd })
    const [, url = ''] = await program.says(LISTENS)
    expect(await check(url)).toMatchObject(COMPLETED)
    program.signal('SIGINT')
    expect(await program.exit).toBe(0)
    const lines = await logLines(join(cwd, 'logs'), 'combined.log')
    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['started', 'request']))
    expect(await logLines(join(cwd, 'logs'), 'error.log')).toEqual([])
    expect(JSON.stringify(lines)).not.toContain(KEY)

    const elsewhere = await folderOfTest()
    const second = new Program(process.execPath, [LAUNCHER], { env: { ...env, HEADWAY_LOG_DIR: other }, cwd: elsewhere })
    await second.says(LISTENS)
    expect(await readdir(other)).toEqual(['combined.log', 'error.log'])
    expect(await readdir(elsewhere)).toEqual([])
  })

  test('says so where the project is not built', async () => {
    const folder = await folderOfTest()
    await mkdir(join(folder, 'src'))
    await copyFile(LAUNCHER, join(folder, 'src/api-server-sse.mjs'))
    const program = new Program(process.execPath, ['src/api-server-sse.mjs'], { cwd: folder })
    expect(await program.exit).toBe(1)
    expect(program.stderr).toMatch(/^api-server-sse: Headway is not built yet\. Run `npm ci && npm run build`.*\n$/)
  })

  test('says in one line what is wrong with its settings', async () => {
    const program = new Program(process.execPath, [LAUNCHER], { env: { PORT: 'many' }, cwd: await folderOfTest() })
    expect(await program.exit).toBe(1)
    expect(program.stderr).toMatch(/^api-server-sse: port \(PORT\) is "many".*\n$/)
    const withFlags = new Program(process.execPath, [LAUNCHER, '--port', '1'], { cwd: await folderOfTest() })
    expect(await withFlags.exit).toBe(1)
    expect(withFlags.stderr).toMatch(/^api-server-sse: It takes no arguments.*\n$/)
  })
})

test("PM2's file starts a server that serves, and stops in good order at PM2's signal", async () => {
  const { apps } = createRequire(import.meta.url)(join(ROOT, 'ecosystem.config.cjs')) as {
    apps: [{ name: string; script: string; cwd: string; env: Record<string, string>; [option: string]: unknown }]
  }
  const [app] = apps
  expect(app).toMatchObject({
    name: 'resource-sync-api-sse',
    instances: 1,
    out_file: 'logs/pm2-out-sse.log',
    error_file: 'logs/pm2-error-sse.log',
  })
  expect(app.env).toMatchObject({ PORT: '3000', HEADWAY_LOG_DIR: './logs', HEADWAY_SHUTDOWN_GRACE: '10s' })
  expect(app['kill_timeout']).toBeGreaterThan(10_000 + 30_000 + 5_000)
  expect((await stat(join(app.cwd, app.script))).isFile()).toBe(true)

  const env = { ...app.env, ...(await settingsWithTree(await folderOfTest())) }
  const program = new Program(process.execPath, [app.script], { cwd: app.cwd, env })
  const [, url = ''] = await program.says(LISTENS)
  expect(await check(url)).toMatchObject(COMPLETED)
  program.process.kill('SIGINT')
  expect(await program.exit).toBe(0)
})
