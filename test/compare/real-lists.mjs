import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
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
/** Those without ConvertToAscii: in whole lists the peer cuts off what stands around names (allowed.mjs, only-names-in-ascii). */
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
    const ascii = clearCopies(lists)
    const levels = { top: ['ConvertToAscii', ...CLEAN, 'Compress', 'RemoveModifiers', 'Validate'] }
    for (const path of ascii.paths) await compare(`${basename(path, '.txt')}, in ASCII`, configurationOf([path], levels))
    ascii.remove()
    return found
  } finally {
    for (const contender of Object.values(contenders)) contender.close()
  }
}

/** A line in which what is not ASCII is a name with nothing around it that the peer would take for a part of it. */
const CLEAR = /^(?:\|\|)?[\p{L}\p{N}.-]+\^?\r?$|^[\d.]+[ \t][\p{L}\p{N}.-]+\r?$/u
const isClear = (line) => Buffer.byteLength(line) === line.length || CLEAR.test(line)

/** Copies of the lists that have names which are not ASCII, with the lines in which only names are so. */
function clearCopies(lists) {
  const folder = mkdtempSync(join(tmpdir(), 'headway-compare-lists-'))
  const paths = []
  for (const { name, path } of lists) {
    const lines = readFileSync(path, 'utf8').split('\n').filter(isClear)
    const text = lines.join('\n')
    if (Buffer.byteLength(text) === text.length) continue
    paths.push(join(folder, `${name}.txt`))
    writeFileSync(join(folder, `${name}.txt`), text)
  }
  return { paths, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

function configurationOf(paths, { source = [], top = [], patterns = {} }) {
  return {
    name: 'real lists',
    sources: paths.map((path) => ({ source: path, transformations: source })),
    transformations: top,
    ...patterns,
  }
}
