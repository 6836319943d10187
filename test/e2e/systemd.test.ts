import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOfTest } from './support/headway.js'
import { ROOT } from './support/program.js'

/** Part of systemd, which is not on every machine that runs the tests (containers, macOS), and can't be installed for them alone. */
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

test('the systemd unit gives the server time to stop', async () => {
  const unit = await readFile(join(ROOT, 'deploy/headway.service'), 'utf8')
  const value = (name: string): string | undefined => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]
  expect(value('KillMode')).toBe('mixed')
  expect(Number.parseInt(value('TimeoutStopSec') ?? '')).toBeGreaterThan(10 + 30 + 5)
})

test.skipIf(!hasSystemd)('systemd takes the unit without complaint', async () => {
  const unit = await readFile(join(ROOT, 'deploy/headway.service'), 'utf8')
  const path = join(await folderOfTest(), 'headway.service')
  // It looks whether the program is there.
  await writeFile(
    path,
    unit.replace('/usr/bin/node /opt/headway/', () => `${process.execPath} ${ROOT}/`),
  )
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' })
  // On an unrelated unit of the machine it may have something to say.
  const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('headway.service'))
  expect({ status, complaints }).toEqual({ status: 0, complaints: [] })
})
