import { statSync } from 'node:fs'
import { fetchLists } from '../../scripts/fetch-lists.mjs'
import { areSame, differenceOf } from './outcome.mjs'
import { startOurs, startPeer } from './run/contender.mjs'

/** The peer is slow with long lists. In milliseconds. */
const TIMEOUT_MS = 240_000
/** Longer lists are not compiled together: the peer's time grows with the square of the length. */
const LONG_BYTES = 1_500_000

const CLEAN = ['RemoveComments', 'TrimLines', 'Deduplicate', 'RemoveEmptyLines', 'InsertFinalNewLine']
const CHANGES = ['Compress', 'RemoveModifiers', 'InvertAllow']
/** Without ConvertToAscii: of real lists the peer cuts paths and cosmetic text off (allowed.mjs, only-names-in-ascii). */
const WAYS = {
  'as they are': {},
  cleaned: { top: CLEAN },
  changed: { source: CHANGES, top: CLEAN },
  validated: { source: ['Compress'], top: ['Validate', 'Deduplicate', 'RemoveModifiers'] },
  'everything, addresses and suffixes allowed': { top: [...CLEAN, ...CHANGES, 'ValidateAllowIpAndPublicSuffix'] },
  'left out and let in': {
    top: ['ValidateAllowIp'],
    patterns: { exclusions: ['/^@@/', '*ads*', 'google', '/[0-9]{3}/'], inclusions: ['||*', '0.0.0.0', '/^[a-z.]+$/'] },
  },
}

/**
 * Compiles the real lists with the peer and with ours, each list alone in several ways, and the small ones all together.
 *
 * @param {(line: string) => void} say what differs
 * @param {string} only part of the names of those to compare
 * @returns {Promise<{ same: number, differences: string[] }>}
 */
export async function compareRealLists(say, only) {
  const all = Object.entries(fetchLists()).map(([name, path]) => ({ name, path, isLong: statSync(path).size > LONG_BYTES }))
  const contenders = { peer: startPeer(), ours: startOurs() }
  const found = { same: 0, differences: [] }
  const compare = async (name, configuration) => {
    if (!name.includes(only)) return
    const peer = await contenders.peer.compile(configuration, '/', TIMEOUT_MS)
    const ours = await contenders.ours.compile(configuration, '/', TIMEOUT_MS)
    if (areSame(peer, ours)) found.same++
    else {
      found.differences.push(name)
      say(`${name}: - peer, + ours\n${differenceOf(peer, ours)}\n`)
    }
  }
  try {
    for (const [way, levels] of Object.entries(WAYS)) {
      for (const { name, path } of all) await compare(`${name}, ${way}`, configurationOf([path], levels))
      const small = all.filter(({ isLong }) => !isLong).map(({ path }) => path)
      await compare(`${small.length} lists together, ${way}`, configurationOf(small, levels))
    }
    return found
  } finally {
    for (const contender of Object.values(contenders)) contender.close()
  }
}

function configurationOf(paths, { source = [], top = [], patterns = {} }) {
  return {
    name: 'real lists',
    sources: paths.map((path) => ({ source: path, transformations: source })),
    transformations: top,
    ...patterns,
  }
}
