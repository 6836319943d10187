import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOfTest } from './support/headway.js'
import { ROOT } from './support/program.js'

/** Part of systemd, which is not on every machine that runs the tests (containers, macOS), and can't be installed for them alone. */
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

/** Units, and under which names they are looked at: of a template, as an instance. */
const UNITS = [
  { file: 'headway.service', name: 'headway.service', stopSeconds: 10 + 30 + 5 },
  // It runs no jobs.
  { file: 'headway-api.service', name: 'headway-api.service', stopSeconds: 5 },
  { file: 'headway-worker@.service', name: 'headway-worker@3101.service', stopSeconds: 10 + 30 },
]

test.each(UNITS)('$file gives the node time to stop', async ({ file, stopSeconds }) => {
  const unit = await readFile(join(ROOT, 'deploy', file), 'utf8')
  const value = (name: string): string | undefined => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]
  expect(value('KillMode')).toBe('mixed')
  expect(Number.parseInt(value('TimeoutStopSec') ?? '')).toBeGreaterThan(stopSeconds)
})

test.skipIf(!hasSystemd)('systemd takes the units without complaint', async () => {
  const folder = await folderOfTest()
  const paths = await Promise.all(
    UNITS.map(async ({ file, name }) => {
      const unit = await readFile(join(ROOT, 'deploy', file), 'utf8')
      // It looks whether the program is there.
      const own = unit.replaceAll('/usr/bin/node /opt/headway/', () => `${process.execPath} ${ROOT}/`)
      await writeFile(join(folder, name), own)
      return join(folder, name)
    }),
  )
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' })
  // On an unrelated unit of the machine it may have something to say.
  const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('headway'))
  expect({ status, complaints }).toEqual({ status: 0, complaints: [] })
})
