import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SHIPPED_PROGRAMS, SHIPPED_TASK_FILE } from '@headway/tasks'
import { expect, test } from 'vitest'
import { start } from '../support/start.js'
import { folderOf, newTree, readManifest } from './support/programs.js'

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
