import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, onTestFinished } from 'vitest'

/** The folder of the programs. */
export const PROGRAMS = fileURLToPath(new URL('../../../programs', import.meta.url))

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a shipped program to its end. */
export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(PROGRAMS, program), ...args],
      { env: { PATH: process.env['PATH'], ...env }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
      },
    )
  })
}

/** A folder that is gone after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headway-tree-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A folder that is gone after all tests, which may be of several files. */
export function newSharedFolder(): string {
  return mkdtempSync(join(inject('folderOfRun'), 'tree-'))
}

const trees = new Map<string, Promise<string>>()

/** A tree of the versions v884 and v885, 30 files for each platform. It is made once for the tests of a process, which must not change it. */
export function sharedTree(...options: string[]): Promise<string> {
  const key = options.join(' ')
  const tree = trees.get(key) ?? makeTree(options)
  trees.set(key, tree)
  return tree
}

async function makeTree(options: readonly string[]): Promise<string> {
  const root = newSharedFolder()
  const made = await run('make-tree.mjs', ['--root', root, '--files', '180', '--bytes', '1M', ...options])
  expect(made).toMatchObject({ code: 0, stderr: '' })
  return root
}

/** The same as a copy, which a test may change. */
export async function newTree(...options: string[]): Promise<string> {
  return copyOf(await sharedTree(...options))
}

/** A copy of a folder that is gone after the test. */
export function copyOf(folder: string): string {
  const copy = newFolder()
  cpSync(folder, copy, { recursive: true })
  return copy
}

export interface ManifestFile {
  path: string
  size: number
  sha256: string
}

export interface Manifest {
  version: string
  totalFiles: number
  totalBytes: number
  files: ManifestFile[]
}

/** The folder of a version and platform among the resources. */
export const folderOf = (root: string, version = 'v885', platform = 'ios'): string => join(root, version, platform)

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
}
