import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchPeer } from '../../scripts/fetch-peer.mjs'
import { filterRows } from '../lib/filter-rows.mjs'
import { measureUsage } from '../lib/measure-usage.mjs'
import { unexplained } from '../lib/same-lists.mjs'
import { temporaryFolder } from '../lib/temporary-folder.mjs'

export const title = 'Compiling filter lists'
export const about =
  'Whole processes, start-up included, that read lists from files and write one list: AdGuard’s HostlistCompiler as it is installed, ours as a library, and the limit, which reads the same files, splits them into lines and puts each into a set once. The two lists are compared: they are the same bytes, but for rules in the last row that HostlistCompiler cuts off where they are not ASCII. HostlistCompiler takes the last row once only.'

const program = (name) => fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url))
/** The slowest row of the peer is not repeated, and left out of quick runs. */
const SLOW = 'all AdGuard lists'
/** Of the limit's processor time, for each row. */
const AT_MOST = { 'EasyList and EasyPrivacy': 2, 'hosts lists': 3, [SLOW]: 4 }
const TIMES_FASTER = 15

let names = []

export function contenders(quick) {
  const rows = filterRows().filter(({ name }) => !quick || name !== SLOW)
  const folder = temporaryFolder()
  names = rows.map(({ name }) => name)
  return Object.fromEntries(rows.flatMap((row) => Object.entries(contendersOf(row, folder))))
}

function contendersOf({ name, paths, configuration }, folder) {
  const file = (what) => join(folder, `${name}.${what}`)
  writeFileSync(file('json'), JSON.stringify(configuration))
  let slowest
  return {
    [`${name}: HostlistCompiler`]: async () => {
      slowest ??= await measureUsage([fetchPeer().program, '-c', file('json'), '-o', file('peer.txt')])
      const figures = slowest
      if (name !== SLOW) slowest = undefined
      return figures
    },
    [`${name}: Headway`]: async () => {
      const figures = await measureUsage([program('compile-list'), file('json'), file('ours.txt')])
      const different = unexplained(file('peer.txt'), file('ours.txt'), configuration, paths)
      if (different.length > 0) throw new Error(`${name}: the lists are not the same: ${different.slice(0, 10).join(', ')}`)
      return figures
    },
    [`${name}: the limit`]: () => measureUsage([program('read-lists'), ...paths]),
  }
}

export const columns = [
  { key: 'processor', label: 'processor time (s)', digits: 2 },
  { key: 'seconds', label: 'wall time (s)', digits: 2 },
  { key: 'memory', label: 'peak memory, MiB' },
]

export function targets({ ratio }) {
  const speed = names.map((name) => ({
    text: `${name}: processor time against the limit`,
    unit: 'times',
    measured: ratio('processor', `${name}: Headway`, `${name}: the limit`),
    atMost: AT_MOST[name],
  }))
  const memory = names.map((name) => ({
    text: `${name}: peak memory against HostlistCompiler`,
    unit: 'times',
    measured: ratio('memory', `${name}: Headway`, `${name}: HostlistCompiler`),
    atMost: 1,
  }))
  const slow = names.includes(SLOW) ? [timesFaster(ratio)] : []
  return [...speed, ...slow, ...memory]
}

const timesFaster = (ratio) => ({
  text: `${SLOW}: times faster than HostlistCompiler`,
  unit: 'times',
  measured: ratio('processor', `${SLOW}: HostlistCompiler`, `${SLOW}: Headway`),
  atLeast: TIMES_FASTER,
})
