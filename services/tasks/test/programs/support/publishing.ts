import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { PROGRAMS, readManifest, run } from './programs.js'
import type { Ended, Manifest } from './programs.js'

/** Publishes the web resources of a version to a folder. */
export function syncWeb(root: string, target: string, ...more: string[]): Promise<Ended> {
  return run('sync-facebook.mjs', ['--root', root, '--version', 'v885', '--target', target, ...more])
}

/** The version that a target says is current. */
export function currentOf(target: string, platform = 'web'): string | undefined {
  const file = join(target, platform, 'current.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : undefined
}

/** Every file below a folder, as sorted relative paths. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
}

/** What a published version differs in from its resources; empty when it is right. */
export function wrongFiles(root: string, target: string, platform = 'web', version = 'v885'): string[] {
  const source = join(root, version, platform)
  const there = join(target, platform, version)
  const expected = [...readManifest(source).files.map(({ path }) => path), 'manifest.json']
  const hash = (file: string): string => (existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'missing')
  const wrong = expected.filter((path) => hash(join(source, path)) !== hash(join(there, path)))
  return [...wrong, ...filesBelow(there).filter((path) => !expected.includes(path))]
}

/** Changes a byte of a file, which stays as large as it was. */
export function damage(file: string): void {
  const bytes = readFileSync(file)
  bytes[0] = (bytes[0] ?? 0) ^ 1
  writeFileSync(file, bytes)
}

/** Writes a manifest anew, with its totals. */
export function changeManifest(folder: string, change: (manifest: Manifest) => Manifest): void {
  const changed = change(readManifest(folder))
  const totalBytes = changed.files.reduce((sum, { size }) => sum + size, 0)
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...changed, totalFiles: changed.files.length, totalBytes }))
}

/** A program that runs while the test looks on. It tells of its progress as it does to a runner. */
export interface Started {
  readonly child: ChildProcess
  readonly pid: number
  readonly lines: readonly string[]
  /** Exit code or signal, when it has ended. */
  readonly ended: Promise<number | NodeJS.Signals>
  /** Waits for a line of its output. */
  seen(pattern: RegExp): Promise<void>
}

export function startProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, [join(PROGRAMS, program), ...args], {
    env: { PATH: process.env['PATH'], HEADWAY_RUN: 'test:1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const look = (): void => {
    for (const check of waiting) check()
  }
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      look()
    })
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1))
  })
  void ended.then(look)
  return {
    child,
    pid: child.pid ?? 0,
    lines,
    ended,
    seen: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (lines.some((line) => pattern.test(line))) resolve()
          else if (child.exitCode !== null || child.signalCode !== null) reject(new Error(`It ended without that:\n${lines.join('\n')}`))
          else return
          waiting.delete(check)
        }
        waiting.add(check)
        check()
      }),
  }
}
