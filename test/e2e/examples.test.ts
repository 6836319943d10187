import { execFile } from 'node:child_process'
import { mkdir, symlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startBreakingProxy } from './support/breaking-proxy.js'
import { folderOfTest, KEY, onceForTests, startServerWithGate, startServerWithTree } from './support/headway.js'
import { Program } from './support/program.js'

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const TIME = String.raw`\[\d\d:\d\d:\d\d\]`

const withTree = onceForTests(startServerWithTree)
const withGate = onceForTests(startServerWithGate)

/** How the guide runs each example; `version type` follow. */
const EXAMPLES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  Node: ['node', 'examples/sse-client-example.js'],
  Python: ['python3', 'examples/sse-client-example.py'],
  curl: ['sh', 'examples/sse-client-example.sh'],
}

function start(example: string, url: string, args: readonly string[], env: Record<string, string> = {}): Program {
  const [command, ...first] = EXAMPLES[example] ?? ['false']
  return new Program(command, [...first, ...args], { env: { API_URL: url, API_KEY: KEY, ...env } })
}

/** What the guide says that an example prints. `$URL` is the server's. */
function expectGuide(lines: readonly string[], url: string): void {
  const [id] = new RegExp(UUID).exec(lines[3] ?? '') ?? []
  expect(lines.slice(0, 5)).toEqual([
    `API URL: ${url}`,
    'Task type: check-integrity',
    'Version: v885',
    `Task created: ${id}`,
    `Stream URL: ${url}/api/tasks/${id}/stream`,
  ])
  expect(lines[5]).toMatch(/^Connection established: status (pending|running|completed), progress \d+%$/)
  const printed = lines.slice(6).filter((line) => line.startsWith('['))
  const said = [
    'Executing: .*check-integrity.*ios.*',
    'Checking iOS manifest\\.\\.\\.',
    'All files matched successfully\\.',
    'Total files checked: 50',
    'Executing: .*check-integrity.*android.*',
    'Checking Android manifest\\.\\.\\.',
    'All files matched successfully\\.',
    'Total files checked: 50',
  ]
  // In this order, among what the runner says.
  expect(printed.join('\n')).toMatch(new RegExp(said.map((line) => `${TIME} ${line}`).join('\n(?:.*\n)*')))
  const updates = lines.slice(6).filter((line) => line.startsWith('Update: '))
  for (const update of updates) expect(update).toMatch(/^Update: status (running|completed), progress \d+%$/)
  expect(new Set(updates).size).toBe(updates.length)
  expect(lines.slice(-2)).toEqual(['Update: status completed, progress 100%', 'Task completed'])
}

test('each example runs a check and prints what the guide says', async () => {
  const url = withTree()
  for (const example of Object.keys(EXAMPLES)) {
    const program = start(example, url, ['v885', 'check-integrity'])
    expect(await program.exit, program.stderr).toBe(0)
    expect(program.stderr).toBe('')
    expectGuide(program.lines, url)
  }
  const npm = new Program('npm', ['run', '--silent', 'example:sse', '--', 'v885', 'check-integrity'], {
    env: { API_URL: url, API_KEY: KEY, npm_config_loglevel: 'error' },
  })
  expect(await npm.exit, npm.stderr).toBe(0)
  expectGuide(npm.lines, url)
})

test('the example for curl reads JSON with Python where there is no jq', async () => {
  const url = withTree()
  const tools = await folderOfTest()
  await mkdir(join(tools, 'bin'))
  for (const tool of ['sh', 'curl', 'sed', 'cat', 'rm', 'mktemp', 'sleep']) await symlink(await pathOf(tool), join(tools, 'bin', tool))
  const { stdout: python } = await promisify(execFile)('python3', ['-c', 'import sys; print(sys.executable)'])
  await symlink(python.trim(), join(tools, 'bin', 'python3'))
  const program = start('curl', url, ['v885', 'check-integrity'], { PATH: join(tools, 'bin') })
  expect(await program.exit, program.stderr).toBe(0)
  expectGuide(program.lines, url)
})

describe.each(Object.keys(EXAMPLES))('the example for %s', (example) => {
  test('ends with 1 and a reason where a task fails, is refused, or nobody answers', async () => {
    const url = withTree()
    const failures = [
      { args: ['v999', 'check-integrity'], says: /Task failed: The step "ios" ended with exit code 2\./ },
      { args: ['v885', 'no-such-type'], says: /There is no task type "no-such-type"/ },
      { args: ['v1"; $(false) --', 'check-integrity'], says: /The parameters do not fit/ },
      { args: [], env: { API_KEY: 'another-key' }, says: /There is no such API key/ },
      { args: [], env: { API_URL: 'http://127.0.0.1:1' }, says: /Failed to connect|can't be reached/ },
    ]
    for (const { args, env, says } of failures) {
      const program = start(example, url, args, env)
      expect({ args, code: await program.exit }).toEqual({ args, code: 1 })
      expect(program.stderr).toMatch(says)
      expect(program.stderr + program.stdout).not.toContain('    at ')
      expect(program.stdout).not.toContain('Task completed')
    }
  })

  test('asks below the path of API_URL, as behind a proxy', async () => {
    const server = createServer((request, response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json' })
      response.end(JSON.stringify({ title: 'Not found', detail: `There is nothing at ${request.url}.`, status: 404 }))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    const program = start(example, `http://127.0.0.1:${(server.address() as AddressInfo).port}/release/server`, [])
    expect(await program.exit).toBe(1)
    expect(program.stderr).toContain('There is nothing at /release/server/api/tasks/check-integrity.')
  })

  test('shows lines as they come, and each once when the connection breaks', async () => {
    const { url, open } = withGate()
    const proxy = await startBreakingProxy(url)
    const program = start(example, proxy.url, ['v885', 'gated'])
    await program.says(/before the gate\n/)
    const before = proxy.count()
    proxy.breakAll()
    await program.says(/The connection broke/)
    await expect.poll(proxy.count).toBeGreaterThan(before)
    await open()
    expect(await program.exit, program.stderr).toBe(0)
    const printed = program.lines.filter((line) => line.startsWith('[')).map((line) => line.slice('[15:30:45] '.length))
    expect(printed.toSpliced(4, 2).slice(1, -1)).toEqual(['before the gate', 'line 1 <b>of</b> 3', 'line 2 <b>of</b> 3'])
    expect(printed.slice(4, 6).sort()).toEqual(['after the gate', 'line 3 <b>of</b> 3'])
  })
})

async function pathOf(tool: string): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-c', 'command -v "$0"', tool])
  return stdout.trim()
}
