import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SHIPPED_PROGRAMS } from '@headway/tasks'
import colors from 'picocolors'
import { z } from 'zod'
import { followTask } from '../watch/follow-task.js'
import { TaskScreen } from '../watch/task-screen.js'
import { freePort, ServerProcess } from './server-process.js'

const VERSION = 'v885'
const FILES = 2000
/** Slow enough to see the bar move, and to kill the server in the middle. In files a second. */
const SLOWLY = 120
const KILL_AT_PERCENT = 30

const createdSchema = z.object({ taskId: z.string(), streamUrl: z.string() })
const manifestSchema = z.object({ files: z.array(z.object({ path: z.string() })) })

interface Seen {
  readonly status: string
  readonly lines: readonly string[]
}

/**
 * Shows what Headway does, on a server and files of its own in a temporary folder, which is removed at the end.
 *
 * @throws Error when anything is not as promised
 */
export async function runDemo(out: NodeJS.WriteStream): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-demo-'))
  const resources = join(folder, 'resources')
  const key = randomBytes(24).toString('base64url')
  const env = { HEADWAY_DATA: join(folder, 'data'), HEADWAY_ADMIN_KEY: key, HEADWAY_RESOURCES: resources, HEADWAY_LEASE: '5s' }
  const server = new ServerProcess(await freePort(), env)
  const say = (text: string): void => void out.write(`\n${colors.bold(text)}\n`)
  try {
    say(`1. A server on an embedded store, at ${server.url}`)
    await server.start()

    say(`2. A tree of ${FILES} files to check`)
    await runProgram(out, 'make-tree.mjs', ['--root', resources, '--files', String(FILES)])

    say(`3. Task check-integrity of ${VERSION}, followed live`)
    expectThat((await check(server, key, out, {})).status === 'completed', 'the check of an intact tree completes')

    say('4. Some files are damaged, one is deleted, one is added')
    const damaged = await damage(join(resources, VERSION, 'ios'))
    out.write(damaged.map((path) => `   ${path}\n`).join(''))
    const second = await check(server, key, out, {})
    expectThat(second.status === 'failed', 'the check of a damaged tree fails')
    for (const path of damaged) {
      expectThat(
        second.lines.some((line) => line.includes(path)),
        `the check finds ${path}`,
      )
    }

    say(`5. The same check, slowly; at ${KILL_AT_PERCENT}% the server is killed with kill -9 and started again`)
    await repair(resources, out)
    expectThat(
      (await check(server, key, out, { rate: SLOWLY, kill: true })).status === 'completed',
      'the check ends after the server was killed',
    )

    say('That was Headway. To go on by hand:')
    out.write(
      [
        '   npm start',
        '   KEY=$(cat data/admin-key)',
        `   node services/tasks/programs/make-tree.mjs --root services/tasks/resources`,
        `   curl -H "X-API-Key: $KEY" -H 'Content-Type: application/json' -d '{"version":"${VERSION}"}' localhost:3000/api/tasks/check-integrity`,
        '   curl -N -H "X-API-Key: $KEY" STREAM_URL      # streamUrl of the answer; again with -H "Last-Event-ID: 5" goes on after 5',
        '',
      ].join('\n'),
    )
  } finally {
    await server.stop('SIGTERM')
    await rm(folder, { recursive: true, force: true })
  }
}

/** Creates a check, follows it to its end and makes sure that nothing came twice or was left out. */
async function check(server: ServerProcess, key: string, out: NodeJS.WriteStream, how: { rate?: number; kill?: boolean }): Promise<Seen> {
  const headers = { 'X-API-Key': key }
  const response = await fetch(`${server.url}/api/tasks/check-integrity`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: VERSION, ...(how.rate !== undefined && { rate: how.rate }) }),
  })
  if (response.status !== 202) throw new Error(`The task was not created: ${response.status} ${await response.text()}`)
  const { streamUrl } = createdSchema.parse(await response.json())
  const screen = new TaskScreen(out, 'check-integrity')
  const lines: string[] = []
  let status = 'pending'
  const seen: string[] = []
  let lastId = '0'
  let restart: Promise<void> | undefined
  try {
    const onState = (state: string): void => {
      if (state === 'reconnecting' && restart !== undefined)
        screen.note(`The connection is lost after event ${lastId}; coming back by itself.`)
    }
    for await (const message of followTask({ url: streamUrl, headers, signal: AbortSignal.timeout(120_000), onState })) {
      screen.show(message)
      if (message.id !== undefined) {
        seen.push(JSON.stringify(message))
        lastId = message.id
      }
      if (message.type === 'log') lines.push(message.log.message)
      if (message.type !== 'update') continue
      status = message.task.status
      if (how.kill === true && restart === undefined && (message.task.progress ?? 0) >= KILL_AT_PERCENT) {
        screen.note(`kill -9 ${server.pid}`)
        restart = server.stop('SIGKILL').then(() => server.start())
      }
    }
    await restart
    const stored: string[] = []
    for await (const message of followTask({ url: streamUrl, headers, signal: AbortSignal.timeout(120_000) })) {
      if (message.id !== undefined) stored.push(JSON.stringify(message))
    }
    expectThat(seen.join() === stored.join(), 'the watcher has seen each message of the log once')
    screen.note(`Seen: ${seen.length} messages. Stored: ${stored.length}, the same ones.`)
  } finally {
    screen.close()
  }
  return { status, lines }
}

/** Changes, deletes and adds files. @returns their paths */
async function damage(folder: string): Promise<string[]> {
  const { files } = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
  const [changed, deleted] = [files[10]?.path, files[20]?.path]
  if (changed === undefined || deleted === undefined) throw new Error('The tree has too few files.')
  await appendFile(join(folder, changed), 'damage')
  await rm(join(folder, deleted))
  await writeFile(join(folder, 'stray.bin'), 'nobody asked for this file')
  return [changed, deleted, 'stray.bin']
}

async function repair(resources: string, out: NodeJS.WriteStream): Promise<void> {
  await runProgram(out, 'make-tree.mjs', ['--root', resources, '--files', String(FILES), '--force'])
}

async function runProgram(out: NodeJS.WriteStream, name: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(SHIPPED_PROGRAMS, name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.on('data', (text: Buffer) => {
    // Progress marks are for the runner.
    for (const line of text.toString().split('\n')) if (line !== '' && !line.startsWith('::')) out.write(`   ${line}\n`)
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${name} ended with code ${code}.`)
}

function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Not as promised: ${what}.`)
}
