import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { fetchLists } from '../../scripts/fetch-lists.mjs'
import { areSame, differenceOf } from './outcome.mjs'
import { startOurs, startPeer } from './run/contender.mjs'

/** The peer is slow with long lists. In milliseconds. */
const TIMEOUT_MS = 240_000
/** Lists that the peer compiles in a moment: they are compiled in every way, and all together. Longer ones in some ways, in turn. */
const SMALL_BYTES = 300_000
const WAYS_OF_A_LONG_ONE = 2

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
  const lists = Object.entries(fetchLists()).map(([name, path]) => ({ name, path, isSmall: statSync(path).size <= SMALL_BYTES }))
  const small = lists.filter(({ isSmall }) => isSmall).map(({ path }) => path)
  const long = lists.filter(({ isSmall }) => !isSmall)
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
    for (const [turn, [way, levels]] of Object.entries(WAYS).entries()) {
      const mine = long.filter((_, index) => (index + turn) % Object.keys(WAYS).length < WAYS_OF_A_LONG_ONE).map(({ path }) => path)
      for (const path of [...small, ...mine]) await compare(`${basename(path, '.txt')}, ${way}`, configurationOf([path], levels))
      await compare(`${small.length} lists together, ${way}`, configurationOf(small, levels))
      say(`Real lists ${way}: ${found.same} configurations so far give the same bytes`)
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
