import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createProcessHost } from '@headway/core'
import type { ProcessHost, ScriptProcess, ScriptSpec } from '@headway/core'
import { onTestFinished } from 'vitest'

export const LONG_LEASE_MS = 600_000

/** Waits for a condition, at most 20 seconds. */
export async function until<T>(what: string, condition: () => T | undefined | false): Promise<T> {
  const giveUpAt = performance.now() + 20_000
  for (;;) {
    const value = condition()
    if (value !== undefined && value !== false) return value
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain until ${what}.`)
    await wait(5)
  }
}

/** Whether a process is in the table and not a zombie. */
export function isAlive(pid: number): boolean {
  return stateOf(pid) !== undefined && stateOf(pid) !== 'Z'
}

/** The letter of the process table: R, S, T (stopped), Z... */
export function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2)[0]
  } catch {
    return undefined
  }
}

/** Whether a process is suspended, or waits for a child of its that was suspended before it became another program (`vfork`). */
export function isSuspended(pid: number): boolean {
  return stateOf(pid) === 'T' || stateOf(pid) === 'D'
}

/** The processes alive that carry the mark of a run. */
export function alivePidsOf(run: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`HEADWAY_RUN=${run}`) && isAlive(pid)
      } catch {
        return false
      }
    })
}

/** A run of its own for each test, so that its processes can be found. */
export function newRun(): string {
  return `${randomUUID()}:1`
}

export function shell(code: string, more: Partial<ScriptSpec> = {}): ScriptSpec {
  return { command: 'sh', args: ['-c', code], cwd: '/', env: { PATH: process.env.PATH ?? '' }, ...more }
}

export function node(code: string, ...args: string[]): ScriptSpec {
  return { command: process.execPath, args: ['-e', code, ...args], cwd: '/', env: {} }
}

/** A host that is closed after the test. */
export function newHost(): ProcessHost {
  const host = createProcessHost()
  onTestFinished(() => host.close())
  return host
}

/** Everything that a program prints, as one text for each stream. */
export async function collect(script: ScriptProcess): Promise<{ stdout: string; stderr: string }> {
  const parts = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] }
  for await (const { stream, bytes } of script.output) parts[stream].push(bytes)
  return { stdout: Buffer.concat(parts.stdout).toString(), stderr: Buffer.concat(parts.stderr).toString() }
}

/** The first line that a program prints on stdout, with its output left to read. */
export async function firstLine(script: ScriptProcess): Promise<string> {
  let text = ''
  const reader = script.output[Symbol.asyncIterator]()
  while (!text.includes('\n')) {
    const { value, done } = await reader.next()
    if (done) throw new Error('The program ended before it printed a line.')
    text += Buffer.from(value.bytes).toString()
  }
  return text.slice(0, text.indexOf('\n'))
}

/** A process that stands for a server, whose program prints lines. */
export interface FakeServer {
  readonly pid: number
  readonly scriptPid: number
  nextLine(): Promise<string>
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<unknown>
}

export async function fakeServer(run: string, leaseMs: number, command: string, ...args: string[]): Promise<FakeServer> {
  const file = fileURLToPath(new URL('./fixtures/server.mjs', import.meta.url))
  const child = spawn(process.execPath, [file, run, String(leaseMs), command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => ((await lines.next()) as { value: string }).value
  const scriptPid = Number((await nextLine()).replace('started ', ''))
  return { pid: child.pid as number, scriptPid, nextLine, kill: (name) => void child.kill(name), ended: once(child, 'exit') }
}
