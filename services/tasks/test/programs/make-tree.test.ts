import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOf, newFolder, newTree, readManifest, run } from './support/programs.js'

describe('make-tree', () => {
  test('makes versions, platforms and manifests of the size that was asked for', async () => {
    const root = await newTree('--versions', 'v884,v885,v886', '--files', '120')
    const manifests = readdirSync(root).flatMap((version) =>
      readdirSync(join(root, version)).map((platform) => readManifest(folderOf(root, version, platform))),
    )
    expect(manifests).toHaveLength(9)
    expect(manifests.reduce((sum, { totalFiles }) => sum + totalFiles, 0)).toBe(120)
    expect(manifests.reduce((sum, { totalBytes }) => sum + totalBytes, 0) / 2 ** 20).toBeCloseTo(1, 2)
  })

  test('the same seed makes the same tree, another one another; most of a version is as before', async () => {
    const [one, same, other] = [await newTree(), newFolder(), await newTree('--seed', 'other')]
    expect((await run('make-tree.mjs', ['--root', same, '--files', '180', '--bytes', '1M'])).code).toBe(0)
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
