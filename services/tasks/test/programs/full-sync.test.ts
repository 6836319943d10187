import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOf, newFolder, newTree, readManifest, run } from './support/programs.js'
import type { Ended } from './support/programs.js'
import { currentOf, damage, filesBelow, startProgram, wrongFiles } from './support/publishing.js'

const PLATFORMS = [
  ['facebook', 'web'],
  ['native', 'ios'],
  ['native', 'android'],
] as const

const release = (root: string, published: string, ...more: string[]): Promise<Ended> =>
  run('full-sync.mjs', ['--root', root, '--version', 'v885', '--publish', published, ...more])

test('checks, publishes both targets, sets the reuse version, checks what was published, and says so', async () => {
  const [root, published] = [await newTree(), newFolder()]
  const ended = await release(root, published)
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  const steps = ended.stdout.split('\n').filter((line) => line.startsWith('Step '))
  expect(steps.map((line) => line.slice(0, 11))).toEqual([1, 2, 3, 4, 5].map((step) => `Step ${step} of 5`))
  const summary = ended.stdout.slice(ended.stdout.indexOf('Summary:')).split('\n')
  expect(summary).toContain('  check ios: All files matched successfully.')
  expect(summary).toContainEqual(expect.stringMatching(/^ {2}facebook web: 30 copied /))
  expect(summary).toContain('  published web: All files matched successfully.')
  expect(summary.slice(-2)).toEqual(['  v885 is released.', ''])
  for (const [target, platform] of PLATFORMS) {
    expect(wrongFiles(root, join(published, 'staging', target), platform)).toEqual([])
    expect(currentOf(join(published, 'staging', target), platform)).toBe('v885')
  }
  expect((await run('update-reuse.mjs', ['--publish', published, '--show'])).stdout).toContain('Reuse version: v885')
  expect(filesBelow(published).filter((path) => path.includes('/.headway'))).toEqual([])
})

test('the next version takes what it has in common from the targets', async () => {
  const [root, published] = [await newTree(), newFolder()]
  await run('full-sync.mjs', ['--root', root, '--version', 'v884', '--publish', published])
  const { stdout } = await release(root, published)
  const reused = [...stdout.matchAll(/ (\d+) reused/g)].map(([, count]) => Number(count))
  expect(reused).toHaveLength(3)
  expect(Math.min(...reused)).toBeGreaterThan(15)
  for (const [target, platform] of PLATFORMS) expect(wrongFiles(root, join(published, 'staging', target), platform)).toEqual([])
})

test('the progress goes up step by step to its end, and the result has all steps', async () => {
  const [root, published] = [await newTree(), newFolder()]
  const running = startProgram('full-sync.mjs', ['--root', root, '--version', 'v885', '--publish', published])
  expect(await running.ended).toBe(0)
  const fractions = running.lines.flatMap((line) => /^::progress (\S+)/.exec(line)?.slice(1, 2).map(Number) ?? [])
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
  expect(fractions.at(-1)).toBe(1)
  const result = running.lines.find((line) => line.startsWith('::result '))?.slice('::result '.length)
  expect(JSON.parse(result ?? '')).toMatchObject({
    version: 'v885',
    env: 'staging',
    success: true,
    check: { ok: true },
    facebook: [{ platform: 'web', files: 30, copied: 30 }],
    native: [{ platform: 'ios' }, { platform: 'android' }],
    reuse: { version: 'v885', changed: true },
    published: { ok: true, checkedFiles: 90 },
  })
})

test('the first step that fails ends it, with its exit code, and nothing is published', async () => {
  const [root, published] = [await newTree(), newFolder()]
  const ios = folderOf(root, 'v885', 'ios')
  damage(join(ios, readManifest(ios).files[0]?.path ?? ''))
  const damaged = await release(root, published)
  expect(damaged).toMatchObject({ code: 1, stdout: expect.stringContaining('The release of v885 did not come to its end.') as string })
  expect(damaged.stdout).not.toContain('Step 2')
  rmSync(join(ios, 'manifest.json'))
  expect(await release(root, published)).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('The release of v885 did not come to its end.') as string,
  })
  expect(filesBelow(published)).toEqual([])
})

test('a dry run goes through all steps and changes nothing', async () => {
  const [root, published] = [await newTree(), newFolder()]
  const ended = await release(root, published, '--dry-run')
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout).toMatch(/Would check 30 files[^]*Would copy 30 files[^]*Would set the reuse version to v885[^]*nothing was changed/)
  expect(filesBelow(published)).toEqual([])
})

test('killed at any step it is put right by a second run', async () => {
  const root = await newTree()
  for (const step of [1, 2, 3, 4, 5]) {
    const published = newFolder()
    const running = startProgram('full-sync.mjs', ['--root', root, '--version', 'v885', '--publish', published])
    await running.seen(new RegExp(`^Step ${step} of 5`))
    running.child.kill('SIGKILL')
    await running.ended
    expect((await release(root, published)).code, `killed at step ${step}`).toBe(0)
    for (const [target, platform] of PLATFORMS) expect(wrongFiles(root, join(published, 'staging', target), platform)).toEqual([])
  }
})
