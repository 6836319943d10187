import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measureCommand } from '../lib/measure-command.mjs'
import { temporaryFolder } from '../lib/temporary-folder.mjs'

export const title = 'Releases: checking and publishing files'
export const about =
  'A tree of 20,000 files and 2 GB (quick runs: 2,000 and 200 MB), in the page cache when each begins. Syncing to an empty folder reads back what was written and waits until the disk has it; rsync does neither.'

const PROGRAMS = fileURLToPath(new URL('../../services/tasks/programs/', import.meta.url))
const VERSION = 'v885'

export function contenders(quick) {
  const files = quick ? 2000 : 20_000
  const bytes = quick ? '200M' : '2G'
  let made
  const tree = () => (made ??= makeTree(files, bytes))
  const options = (folder) => ['--root', join(folder, 'resources'), '--version', VERSION]
  const source = (folder) => join(folder, 'resources', VERSION, 'web')
  const target = (folder, name) => join(folder, name)
  return {
    'check-integrity': async () => {
      const folder = await tree()
      return measured(folder, () => program('check-integrity', [...options(folder), '--platform', 'web']))
    },
    sha256sum: async () => {
      const folder = await tree()
      return measured(folder, () => measureCommand('sh', ['-c', 'find "$0" -type f -print0 | xargs -0 sha256sum', source(folder)]))
    },
    'sync-facebook': async () => {
      const folder = await tree()
      rmSync(target(folder, 'ours'), { recursive: true, force: true })
      return measured(folder, () => program('sync-facebook', [...options(folder), '--target', target(folder, 'ours')]))
    },
    'rsync -rc': async () => {
      const folder = await tree()
      rmSync(target(folder, 'theirs'), { recursive: true, force: true })
      return measured(folder, () => measureCommand('rsync', ['-rc', `${source(folder)}/`, target(folder, 'theirs')]))
    },
    'sync-facebook again': async () => {
      const folder = await tree()
      return measured(folder, () => program('sync-facebook', [...options(folder), '--target', target(folder, 'ours')]))
    },
    'rsync -rc again': async () => {
      const folder = await tree()
      return measured(folder, () => measureCommand('rsync', ['-rc', `${source(folder)}/`, target(folder, 'theirs')]))
    },
  }
}

async function makeTree(files, bytes) {
  const folder = temporaryFolder()
  const tree = [
    '--root',
    join(folder, 'resources'),
    '--files',
    String(files),
    '--bytes',
    bytes,
    '--versions',
    VERSION,
    '--platforms',
    'web',
  ]
  await program('make-tree', tree)
  return folder
}

/** All that is there is in the page cache, and nothing waits to be written, when the work begins. */
async function measured(folder, work) {
  await measureCommand('sync', ['-f', folder])
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) readFileSync(join(entry.parentPath, entry.name))
  }
  return work()
}

function program(name, args) {
  return measureCommand(process.execPath, [join(PROGRAMS, `${name}.mjs`), ...args])
}

export const columns = [
  { key: 'seconds', label: 'seconds', digits: 2 },
  { key: 'memory', label: 'peak memory, MiB' },
]

export function targets({ ratio, most }) {
  return [
    { text: 'check-integrity against sha256sum', unit: 'times', measured: ratio('seconds', 'check-integrity', 'sha256sum'), atMost: 1.3 },
    {
      text: 'syncing to an empty folder against rsync -rc',
      unit: 'times',
      measured: ratio('seconds', 'sync-facebook', 'rsync -rc'),
      atMost: 1.5,
    },
    {
      text: 'syncing again against rsync -rc',
      unit: 'times',
      measured: ratio('seconds', 'sync-facebook again', 'rsync -rc again'),
      atMost: 1.5,
    },
    {
      text: 'peak memory of checking and syncing',
      unit: 'MiB',
      measured: Math.max(...['check-integrity', 'sync-facebook', 'sync-facebook again'].map((name) => most('memory', name))),
      atMost: 200,
    },
  ]
}
