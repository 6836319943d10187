import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { crashOf, repair } from './allowed.mjs'
import { generateCases } from './generate/cases.mjs'
import { comparable } from './outcome.mjs'
import { startPeer } from './run/contender.mjs'
import { serveCases } from './run/serve-cases.mjs'
import { servedConfiguration } from './run/served-case.mjs'

const FOLDER = new URL('corpus/', import.meta.url)
const SEED = 2026
const COUNT = 240

/**
 * The committed cases, each with what the peer gave for it: `{ case, expected }`, where `expected` is lines, or `{ error: true }`.
 *
 * @returns {{ case: import('./generate/cases.mjs').Case, expected: { lines: string[] } | { error: true } }[]}
 */
export function readCorpus() {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
  return files.toSorted().flatMap((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')))
}

/** Makes the corpus anew: our own inputs, and as facts what the peer gives for them. One file for each transformation, and one for the rest. */
export async function updateCorpus() {
  const place = await serveCases()
  const peer = startPeer()
  const run = (one) => peer.compile(servedConfiguration(one), place.place(one))
  const files = new Map()
  try {
    for (const one of generateCases(SEED, COUNT)) {
      const found = await factOf(one, run)
      const file = /^\d+-(\w+)/.exec(one.name)[1]
      files.set(file, [...(files.get(file) ?? []), found])
    }
  } finally {
    peer.close()
    place.close()
  }
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER)
  for (const [file, facts] of files) writeFileSync(new URL(`${file}.json`, FOLDER), `${JSON.stringify(facts, null, 1)}\n`)
  return [...files.values()].flat().length
}

async function factOf(one, run) {
  const outcome = await run(repair(one).repaired)
  const crash = crashOf(outcome)
  if (crash !== undefined) return factOf(crash.withoutIt(one), run)
  if (outcome.crashed === true) throw new Error(`The peer gave no answer for ${one.name}.`)
  return { case: one, expected: comparable(outcome) }
}
