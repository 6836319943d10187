import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SHIPPED_PROGRAMS } from '@headway/tasks'
import { onTestFinished } from 'vitest'
import { Program, ROOT } from './program.js'
import type { AtEnd } from './program.js'

export { onceForTests } from '../../support/for-tests.js'

export const KEY = 'a-key-for-this-test'

/** A folder of the test's own. It goes with the test, or later if that is said. */
export async function folderOfTest(atEnd: AtEnd = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-e2e-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Settings of a server with its data and a small tree of resources in `folder`, for the shipped task types. */
export async function settingsWithTree(folder: string): Promise<Record<string, string>> {
  const resources = join(folder, 'resources')
  const tree = ['--root', resources, '--versions', 'v885', '--platforms', 'ios,android', '--files', '100']
  await promisify(execFile)(process.execPath, [join(SHIPPED_PROGRAMS, 'make-tree.mjs'), ...tree])
  return {
    PORT: '0',
    HEADWAY_ADMIN_KEY: KEY,
    HEADWAY_DATA: join(folder, 'data'),
    HEADWAY_LOG_DIR: join(folder, 'logs'),
    HEADWAY_RESOURCES: resources,
  }
}

export interface GatedSettings {
  readonly env: Record<string, string>
  /** Lets the tasks `gated` go on, until the test ends. */
  open(): Promise<void>
}

/** Settings of a server with the task types `gated`, which waits until it is let on, and `lines`, which prints 5,000 lines. */
export async function settingsWithGate(folder: string): Promise<GatedSettings> {
  const gate = join(folder, 'gate')
  const program = JSON.stringify(join(ROOT, 'test/e2e/support/gated.mjs'))
  const params = "params: { type: object, required: [version], properties: { version: { type: string, pattern: '^v[0-9]+$' } } }"
  const tasks = `
types:
  gated:
    description: Waits in the middle
    ${params}
    grace: 1s
    steps: [{ name: gate, run: [node, ${program}, ${JSON.stringify(gate)}] }]
  lines:
    ${params}
    steps: [{ name: lines, run: [node, ${program}, '.', '5000'] }]
`
  await writeFile(join(folder, 'tasks.yaml'), tasks)
  return {
    env: {
      PORT: '0',
      HEADWAY_ADMIN_KEY: KEY,
      HEADWAY_DATA: join(folder, 'data'),
      HEADWAY_LOG_DIR: join(folder, 'logs'),
      HEADWAY_TASKS: join(folder, 'tasks.yaml'),
    },
    async open() {
      onTestFinished(() => rm(gate, { force: true }))
      await writeFile(gate, '')
    },
  }
}

/** Starts the launcher and gives its URL, without a slash at the end. */
export async function startServer(
  env: Readonly<Record<string, string>>,
  atEnd: AtEnd = onTestFinished,
): Promise<{ readonly url: string; readonly program: Program }> {
  const program = new Program(process.execPath, [join(ROOT, 'src/api-server-sse.js')], { env, atEnd })
  const [, url = ''] = await program.says(/listens at (http:\S+)\/\n/)
  return { url, program }
}

/** Starts a command that listens, `serve --api-only` or `work` for example, and gives its URL, without a slash at the end. */
export async function startNode(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  atEnd: AtEnd = onTestFinished,
): Promise<{ readonly url: string; readonly program: Program }> {
  const program = new Program(process.execPath, [join(ROOT, 'apps/cli/bin/headway.mjs'), ...args], { env, atEnd })
  const [, url = ''] = await program.says(/listens at (http:\S+)\/\n/)
  return { url, program }
}

/** A server with a tree of resources. */
export async function startServerWithTree(atEnd: AtEnd): Promise<string> {
  return (await startServer(await settingsWithTree(await folderOfTest(atEnd)), atEnd)).url
}

export interface GatedServer {
  readonly url: string
  /** Lets the tasks `gated` go on, until the test ends. */
  open(): Promise<void>
}

/** A server with the task types of `settingsWithGate`. */
export async function startServerWithGate(atEnd: AtEnd): Promise<GatedServer> {
  const { env, open } = await settingsWithGate(await folderOfTest(atEnd))
  return { url: (await startServer(env, atEnd)).url, open }
}
