import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { folderOf, newFolder, newTree, PROGRAMS, run } from './support/programs.js'
import { currentOf, filesBelow, syncWeb, wrongFiles } from './support/publishing.js'

const parts = (target: string): string[] => filesBelow(target).filter((path) => path.includes('.headway-part-'))

/** A file system of its own with so many bytes, or undefined where this process may not mount one. */
function smallDisk(bytes: number): string | undefined {
  const folder = newFolder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' }).status === 0
  if (!mounted) return undefined
  onTestFinished(() => void execFileSync('umount', [folder]))
  return folder
}

function grow(disk: string, bytes: number): void {
  execFileSync('mount', ['-o', `remount,size=${bytes}`, disk])
}

describe('a target that does not take it', () => {
  test('because it is full: a clear error, nothing half done, and with more room a second run goes on', async ({ skip }) => {
    const [root, disk] = [await newTree('--bytes', '12M'), smallDisk(3 * 2 ** 20)]
    if (disk === undefined) return skip('mounting a small disk needs more rights; the next test has a limit instead')
    await run('sync-facebook.mjs', ['--root', root, '--version', 'v884', '--target', disk])
    const before = currentOf(disk)
    const ended = await syncWeb(root, disk)
    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(/can't be written: ENOSPC: no space left on device/)
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect([currentOf(disk), parts(disk)]).toEqual([before, []])
    grow(disk, 64 * 2 ** 20)
    expect((await syncWeb(root, disk)).code).toBe(0)
    expect(wrongFiles(root, disk)).toEqual([])
  })

  test('because files may not be so large', async () => {
    const [root, target] = [await newTree('--bytes', '12M'), newFolder()]
    await run('sync-facebook.mjs', ['--root', root, '--version', 'v884', '--target', target])
    const script = 'trap \'\' XFSZ; ulimit -f 200; exec "$@"'
    const args = [process.execPath, join(PROGRAMS, 'sync-facebook.mjs'), '--root', root, '--version', 'v885', '--target', target]
    const ended = spawnSync('sh', ['-c', script, 'sh', ...args], { encoding: 'utf8' })
    expect(ended.status).toBe(1)
    expect(ended.stderr).toMatch(/can't be written: EFBIG/)
    expect([currentOf(target), parts(target)]).toEqual(['v884', []])
    expect((await syncWeb(root, target)).code).toBe(0)
    expect(wrongFiles(root, target)).toEqual([])
  })

  test('because it, or its platform, is a file', async () => {
    const [root, target] = [await newTree(), newFolder()]
    writeFileSync(join(target, 'file'), '')
    const ended = await syncWeb(root, join(target, 'file'))
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('file') as string })
    expect(ended.stderr).not.toContain('    at ')
    writeFileSync(join(target, 'web'), '')
    expect(await syncWeb(root, target)).toMatchObject({ code: 1, stderr: expect.stringContaining('is no folder') as string })
  })
})

test('no version, no manifest, no resources', async () => {
  const [root, target] = [await newTree(), newFolder()]
  rmSync(join(folderOf(root, 'v885', 'web'), 'manifest.json'))
  expect(await syncWeb(root, target)).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no manifest') as string })
  expect(await syncWeb(join(root, 'nowhere'), target)).toMatchObject({ code: 2 })
  expect(filesBelow(target)).toEqual([])
})
