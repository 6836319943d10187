import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOf, newFolder, newTree, readManifest, run } from './support/programs.js'
import type { Ended, Manifest } from './support/programs.js'

function check(root: string, ...more: string[]): Promise<Ended> {
  return run('check-integrity.mjs', ['--root', root, '--version', 'v885', '--platform', 'ios', ...more])
}

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
      checkedFiles: 30,
      platforms: [
        {
          platform: 'ios',
          checkedFiles: 30,
          missing: [a.path],
          changed: expect.arrayContaining([
            expect.objectContaining({ path: b.path, why: 'size', expected: b.size, actual: b.size + 1 }),
            expect.objectContaining({ path: c.path, why: 'hash', expected: c.sha256 }),
          ]) as unknown,
          stray: ['new folder/stray\nfile'],
        },
      ],
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
    expect(await check(join(root, 'nowhere'))).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no manifest') as string })
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
    expect(stdout).toMatch(/^::progress 1\.0000 667 of 667 files$/m)
    expect(stdout).toMatch(/^::result \{"version":"v885","platform":"ios","ok":true/m)
    expect((await run('check-integrity.mjs', args)).stdout).not.toContain('::')
  })
})

describe('check-integrity of several platforms', () => {
  test('all that the version has, where none is named', async () => {
    const root = await newTree('--platforms', 'ios,web')
    const ended = await run('check-integrity.mjs', ['--root', root, '--version', 'v885'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toBe(
      'v885 has nothing for Android.\nChecking iOS manifest...\nAll files matched successfully.\nChecking Web manifest...\nAll files matched successfully.\nTotal files checked: 90\n',
    )
    expect((await run('check-integrity.mjs', ['--root', root, '--version', 'v777'])).code).toBe(2)
  })

  test('a report as text, by its ending or by its format', async () => {
    const root = await newTree()
    const android = folderOf(root, 'v885', 'android')
    const path = readManifest(android).files[0]?.path ?? ''
    rmSync(join(android, path))
    const [one, two] = [join(newFolder(), 'report.txt'), join(newFolder(), 'report')]
    const args = ['--root', root, '--version', 'v885']
    expect((await run('check-integrity.mjs', [...args, '--report', one])).code).toBe(1)
    await run('check-integrity.mjs', [...args, '--report', two, '--report-format', 'text'])
    for (const report of [one, two]) {
      const text = readFileSync(report, 'utf8')
      expect(text).toContain(`Version v885 in ${root}\n`)
      expect(text).toContain('Platform ios: All files matched successfully.\n')
      expect(text).toContain(`Platform android: Problems found: 1 missing, 0 changed, 0 stray.\nmissing: ${path}\n`)
    }
    expect((await run('check-integrity.mjs', [...args, '--report', join(root, 'no folder', 'x')])).code).toBe(2)
    expect((await run('check-integrity.mjs', [...args, '--report-format', 'text'])).code).toBe(2)
  })

  test('a dry run reads the manifests and nothing else', async () => {
    const root = await newTree()
    const folder = folderOf(root)
    rmSync(join(folder, readManifest(folder).files[0]?.path ?? ''))
    const ended = await run('check-integrity.mjs', ['--root', root, '--version', 'v885', '--dry-run'])
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Would check 30 files') as string })
    writeFileSync(join(folder, 'manifest.json'), '{')
    expect((await run('check-integrity.mjs', ['--root', root, '--version', 'v885', '--dry-run'])).code).toBe(2)
  })
})

describe('check-integrity of what was published', () => {
  test('finds a damaged file, and a pointer that does not fit', async () => {
    const [root, published] = [await newTree(), newFolder()]
    await run('full-sync.mjs', ['--root', root, '--version', 'v885', '--publish', published])
    const args = ['--publish', published, '--where', 'published', '--version', 'v885']
    expect((await run('check-integrity.mjs', [...args, '--current'])).code).toBe(0)
    await run('sync-facebook.mjs', ['--root', root, '--version', 'v884', '--publish', published])
    expect((await run('check-integrity.mjs', args)).code).toBe(0)
    expect(await run('check-integrity.mjs', [...args, '--current'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^changed: .*current\.json \(current is v884\)\n$/) as string,
    })
    const target = join(published, 'staging/native')
    const file = readManifest(join(target, 'ios/v885')).files[0]?.path ?? ''
    appendFileSync(join(target, 'ios/v885', file), 'x')
    const damaged = await run('check-integrity.mjs', ['--target', target, '--platform', 'ios', '--version', 'v885'])
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining(`changed: ${file} (`) as string })
  })

  test.each([[['--where', 'moon']], [['--current']], [['--target', 'ftp://x/y']], [['--where', 'published', '--env', 'x']]])(
    'called with %j it is refused',
    async (args) => {
      expect(await run('check-integrity.mjs', ['--version', 'v885', ...args])).toMatchObject({ code: 2, stdout: '' })
    },
  )
})
