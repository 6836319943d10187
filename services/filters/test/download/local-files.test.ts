import { spawnSync } from 'node:child_process'
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { downloader, LIST, temporaryFolder, watch } from './support/downloads.js'

async function folders() {
  const root = await temporaryFolder()
  const folder = join(root, 'lists')
  await mkdir(join(folder, 'deep'), { recursive: true })
  await mkdir(join(root, 'lists-secret'))
  await writeFile(join(folder, 'deep', 'a.txt'), LIST)
  await writeFile(join(root, 'secret.txt'), 'secret')
  await writeFile(join(root, 'lists-secret', 'a.txt'), 'secret')
  return { root, folder, from: downloader({ localFolder: folder }) }
}

test('a file in the folder is read, by a path relative to it or by its full path', async () => {
  const { folder, from } = await folders()
  for (const path of ['deep/a.txt', './deep/../deep/a.txt', join(folder, 'deep', 'a.txt')]) {
    const { text, events, loaded } = await watch(from, path)
    expect(text).toBe(LIST)
    expect(events).toEqual([])
    expect(loaded?.finalUrl).toBeUndefined()
  }
})

test('without a folder every path is refused', async () => {
  const { code, error } = await watch(downloader(), '/etc/hosts')
  expect(code).toBe('LOCAL_PATH_REFUSED')
  expect(error?.message).toContain('Give a URL')
})

test.each([
  '../secret.txt',
  'deep/../../secret.txt',
  '../lists-secret/a.txt',
  '/etc/passwd',
  '..',
  '../missing.txt',
  'link.txt',
  'linked/a.txt',
  'deep',
  '.',
])('the path %s is refused', async (path) => {
  const { root, folder, from } = await folders()
  await symlink(join(root, 'secret.txt'), join(folder, 'link.txt'))
  await symlink(join(root, 'lists-secret'), join(folder, 'linked'))
  const { code, error } = await watch(from, path)
  expect(code).toBe('LOCAL_PATH_REFUSED')
  expect(error?.message).not.toContain(root)
})

test('an empty file is taken', async () => {
  const { folder, from } = await folders()
  await writeFile(join(folder, 'empty.txt'), '')
  expect((await watch(from, 'empty.txt')).text).toBe('')
})

test('a link that stays in the folder is followed', async () => {
  const { folder, from } = await folders()
  await symlink(join(folder, 'deep'), join(folder, 'way'))
  expect((await watch(from, 'way/a.txt')).text).toBe(LIST)
})

test('a file that is not there is an error that does not show where it was looked for', async () => {
  const { root, from } = await folders()
  const { code, error } = await watch(from, 'missing.txt')
  expect(code).toBe('SOURCE_NOT_FOUND')
  expect(error?.message).not.toContain(root)
})

test('a pipe that nobody writes is refused at once', async () => {
  const { folder, from } = await folders()
  expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0)
  expect((await watch(from, 'pipe')).code).toBe('LOCAL_PATH_REFUSED')
})

test('a path with a NUL, a page and a file that is too large are refused', async () => {
  const { folder, from } = await folders()
  await writeFile(join(folder, 'page.txt'), '<!DOCTYPE html><p>')
  await writeFile(join(folder, 'large.txt'), '')
  await truncate(join(folder, 'large.txt'), 2 ** 31)
  expect((await watch(from, 'a\0.txt')).code).toBe('LOCAL_PATH_REFUSED')
  expect((await watch(from, 'page.txt')).code).toBe('SOURCE_NOT_TEXT')
  expect((await watch(from, 'large.txt')).code).toBe('SOURCE_TOO_LARGE')
})
