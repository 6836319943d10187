import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder, newTree, PROGRAMS } from './support/programs.js'
import { currentOf, filesBelow, syncWeb } from './support/publishing.js'

interface Piped {
  readonly code: number
  readonly stderr: string
}

/** Runs a program whose output nobody reads: the other end of its pipe is closed before it begins. Answers with its own exit code. */
function runUnread(program: string, args: readonly string[]): Promise<Piped> {
  const script =
    '{ while test ! -e "$0/closed"; do :; done; "$@"; echo $? > "$0/code"; } | { exec < /dev/null; : > "$0/closed"; cat; }; exit $(cat "$0/code")'
  return new Promise((resolve) => {
    execFile('sh', ['-c', script, newFolder(), process.execPath, join(PROGRAMS, program), ...args], (error, _, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stderr })
    })
  })
}

test('a program whose output nobody reads any more ends quietly, gives back the lock and leaves nothing half done', async () => {
  const [root, target] = [await newTree(), newFolder()]
  const place = ['--root', root, '--version', 'v885', '--target', target]
  expect(await runUnread('sync-facebook.mjs', place)).toEqual({ code: 141, stderr: '' })
  expect(filesBelow(target).filter((path) => path.includes('.headway'))).toEqual([])
  expect(currentOf(target)).toBeUndefined()
  expect((await syncWeb(root, target)).code).toBe(0)
  expect(await runUnread('full-sync.mjs', ['--root', root, '--version', 'v885', '--publish', newFolder()])).toEqual({
    code: 141,
    stderr: '',
  })
  expect(await runUnread('check-integrity.mjs', ['--root', root, '--version', 'v885'])).toEqual({ code: 141, stderr: '' })
  expect(await runUnread('make-tree.mjs', ['--root', newFolder(), '--files', '10'])).toEqual({ code: 141, stderr: '' })
})
