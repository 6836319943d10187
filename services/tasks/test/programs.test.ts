import { execFile } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SHIPPED_PROGRAMS, SHIPPED_TASK_FILE } from '@headway/tasks'
import { describe, expect, onTestFinished, test } from 'vitest'
import { start } from './support/start.js'

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(SHIPPED_PROGRAMS, program), ...args],
      { env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
      },
    )
  })
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headway-tree-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function newTree(...options: string[]): Promise<string> {
  const root = newFolder()
  const made = await run('make-tree.mjs', ['--root', root, '--files', '120', '--bytes', '1M', ...options])
  expect(made).toMatchObject({ code: 0, stderr: '' })
  return root
}

interface Manifest {
  version: string
  totalFiles: number
  totalBytes: number
  files: { path: string; size: number; sha256: string }[]
}

const folderOf = (root: string, version = 'v885', platform = 'ios'): string => join(root, version, platform)

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
}

function check(root: string, ...more: string[]): Promise<Ended> {
  return run('check-integrity.mjs', ['--root', root, '--version', 'v885', '--platform', 'ios', ...more])
}

describe('make-tree', () => {
  test('makes versions, platforms and manifests of the size that was asked for', async () => {
    const root = await newTree('--versions', 'v884,v885,v886', '--platforms', 'ios,android,web')
    const manifests = readdirSync(root).flatMap((version) =>
      readdirSync(join(root, version)).map((platform) => readManifest(folderOf(root, version, platform))),
    )
    expect(manifests).toHaveLength(9)
    expect(manifests.reduce((sum, { totalFiles }) => sum + totalFiles, 0)).toBe(120)
    expect(manifests.reduce((sum, { totalBytes }) => sum + totalBytes, 0) / 2 ** 20).toBeCloseTo(1, 2)
  })

  test('the same seed makes the same tree, another one another; most of a version is as before', async () => {
    const [one, same, other] = [await newTree(), await newTree(), await newTree('--seed', 'other')]
    expect(readManifest(folderOf(same))).toEqual(readManifest(folderOf(one)))
    expect(readManifest(folderOf(other))).not.toEqual(readManifest(folderOf(one)))
    const old = new Set(readManifest(folderOf(one, 'v884')).files.map(({ sha256 }) => sha256))
    const kept = readManifest(folderOf(one)).files.filter(({ sha256 }) => old.has(sha256)).length
    expect(kept).toBeGreaterThan(15)
    expect(kept).toBeLessThan(30)
  })

  test('does not overwrite a version unless told', async () => {
    const root = await newTree()
    const again = ['--root', root, '--files', '10']
    expect(await run('make-tree.mjs', again)).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') as string })
    expect(await run('make-tree.mjs', [...again, '--force'])).toMatchObject({ code: 0 })
  })

  test.each([[['--files', 'many']], [['--versions', '../x']], [['--platforms', 'amiga']], [['--unknown']]])(
    '%j is refused',
    async (args) => {
      expect(await run('make-tree.mjs', args)).toMatchObject({ code: 2, stdout: '' })
    },
  )
})

describe('check-integrity', () => {
  test('a sound tree', async () => {
    const ended = await check(await newTree())
    expect(ended).toEqual({
      code: 0,
      stdout: 'Checking iOS manifest...\nAll files matched successfully.\nTotal files checked: 30\n',
      stderr: '',
    })
  })

  test('missing, changed and stray files, in the text and in the report', async () => {
    const root = await newTree()
    const folder = folderOf(root)
    const [a, b, c] = readManifest(folder).files as [Manifest['files'][0], Manifest['files'][0], Manifest['files'][0]]
    rmSync(join(folder, a.path))
    appendFileSync(join(folder, b.path), 'x')
    const bytes = readFileSync(join(folder, c.path))
    bytes[0] = (bytes[0] ?? 0) ^ 1
    writeFileSync(join(folder, c.path), bytes)
    mkdirSync(join(folder, 'new folder'))
    writeFileSync(join(folder, 'new folder', 'stray\nfile'), '')
    const report = join(newFolder(), 'report.json')
    const ended = await check(root, '--report', report)
    expect(ended.code).toBe(1)
    expect(ended.stdout).toContain('Problems found: 1 missing, 2 changed, 1 stray.\nTotal files checked: 30\n')
    expect(ended.stderr.trimEnd().split('\n').toSorted()).toEqual(
      [
        `missing: ${a.path}`,
        `changed: ${b.path} (${b.size + 1} bytes instead of ${b.size})`,
        `changed: ${c.path} (another content)`,
        'stray: "new folder/stray\\nfile"',
      ].toSorted(),
    )
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      ok: false,
      version: 'v885',
      platform: 'ios',
      checkedFiles: 30,
      missing: [a.path],
      changed: expect.arrayContaining([
        expect.objectContaining({ path: b.path, why: 'size', expected: b.size, actual: b.size + 1 }),
        expect.objectContaining({ path: c.path, why: 'hash', expected: c.sha256 }),
      ]) as unknown,
      stray: ['new folder/stray\nfile'],
    })
  })

  test('links are not followed: neither a file nor a folder may lead out of the tree', async () => {
    const root = await newTree()
    const folder = folderOf(root)
    const outside = newFolder()
    const { files } = readManifest(folder)
    const file = files.find(({ path }) => path.startsWith('textures/'))!
    renameSync(join(folder, 'textures'), join(outside, 'textures'))
    symlinkSync(join(outside, 'textures'), join(folder, 'textures'))
    const other = files.find(({ path }) => !path.startsWith('textures/'))!
    renameSync(join(folder, other.path), join(outside, 'file'))
    symlinkSync(join(outside, 'file'), join(folder, other.path))
    const ended = await check(root)
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(`missing: ${file.path}`)
    expect(ended.stderr).toContain(`changed: ${other.path} (no regular file)`)
  })

  test.each<[string, (manifest: Manifest) => unknown, string]>([
    ['is not JSON', () => '{"files": [', 'is not valid JSON'],
    ['is no object', () => '[]', 'no list "files"'],
    ['is of another version', (manifest) => ({ ...manifest, version: 'v884' }), 'of version "v884", not "v885"'],
    ['lies about the number of its files', (manifest) => ({ ...manifest, totalFiles: 29 }), 'says 29 files and lists 30'],
    ['lies about its bytes', (manifest) => ({ ...manifest, totalBytes: 1 }), 'says 1 bytes'],
    [
      'names a file above the tree',
      ({ files, ...rest }) => ({ ...rest, files: [{ ...files[0], path: '../../etc/passwd' }] }),
      'leads out of the tree',
    ],
    [
      'names an absolute path',
      ({ files, ...rest }) => ({ ...rest, files: [{ ...files[0], path: '/etc/passwd' }] }),
      'leads out of the tree',
    ],
    ['names a file twice', ({ files, ...rest }) => ({ ...rest, files: [...files, files[0]] }), 'is there twice'],
    ['has a broken hash', ({ files, ...rest }) => ({ ...rest, files: [{ ...files[0], sha256: 'abc' }] }), 'no SHA-256'],
    ['has a negative size', ({ files, ...rest }) => ({ ...rest, files: [{ ...files[0], size: -1 }] }), 'has the size -1'],
  ])('a manifest that %s', async (_, change, message) => {
    const root = await newTree()
    const file = join(folderOf(root), 'manifest.json')
    const changed = change(readManifest(folderOf(root)))
    writeFileSync(file, typeof changed === 'string' ? changed : JSON.stringify(changed))
    const ended = await check(root)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain(message)
  })

  test('no manifest, no version, wrong options', async () => {
    const root = await newTree()
    rmSync(join(folderOf(root), 'manifest.json'))
    expect(await check(root)).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no manifest') as string })
    expect(await check(join(root, 'nowhere'))).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no folder') as string })
    for (const args of [
      ['--version', '../v885', '--platform', 'ios'],
      ['--version', 'v885', '--platform', 'x'],
      ['--version', 'v885'],
      ['--foo'],
      ['stray'],
    ]) {
      expect(await run('check-integrity.mjs', args), args.join(' ')).toMatchObject({ code: 2, stdout: '' })
    }
  })

  test('--help', async () => {
    for (const program of ['check-integrity.mjs', 'make-tree.mjs']) {
      expect(await run(program, ['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes') as string, stderr: '' })
    }
  })

  test('tells a runner, and only a runner, of progress and result', async () => {
    const root = await newTree('--files', '4000')
    const args = ['--root', root, '--version', 'v885', '--platform', 'ios']
    const { stdout } = await run('check-integrity.mjs', args, { HEADWAY_RUN: 'job:1' })
    expect(stdout).toMatch(/^::progress 1\.0000 1000 of 1000 files$/m)
    expect(stdout).toMatch(/^::result \{"version":"v885","platform":"ios","ok":true/m)
    expect((await run('check-integrity.mjs', args)).stdout).not.toContain('::')
  })
})

test('the shipped task type checks both platforms and finds damage', async () => {
  const root = await newTree()
  const shipped = readFileSync(SHIPPED_TASK_FILE, 'utf8').replaceAll('programs/', `${SHIPPED_PROGRAMS}/`)
  const server = await start(shipped, { environment: { HEADWAY_RESOURCES: root } })
  const sound = await server.run('check-integrity', { version: 'v885' })
  expect(sound.job).toMatchObject({
    status: 'completed',
    result: {
      success: true,
      results: [
        { name: 'ios', result: { ok: true, checkedFiles: 30 } },
        { name: 'android', result: { ok: true } },
      ],
    },
  })
  expect(sound.lines).toContain('stdout: All files matched successfully.')
  const android = folderOf(root, 'v885', 'android')
  rmSync(join(android, readManifest(android).files[0]?.path ?? ''))
  const damaged = await server.run('check-integrity', { version: 'v885' })
  expect(damaged.job).toMatchObject({
    status: 'failed',
    error: {
      code: 'step_failed',
      details: { results: [{ success: true }, { name: 'android', success: false, exitCode: 1, result: { missing: 1 } }] },
    },
  })
})
