import { crashOf, repair } from './allowed.mjs'
import { areSame, differenceOf } from './outcome.mjs'
import { startOurs, startPeer } from './run/contender.mjs'
import { serveCases } from './run/serve-cases.mjs'
import { servedConfiguration } from './run/served-case.mjs'
import { shrink } from './shrink.mjs'

/** So many differences are shrunk: what differs often differs for the same reason. */
const SHRUNK = 12

/**
 * Compiles cases with the peer and with ours.
 *
 * @param {object[]} cases
 * @param {(line: string) => void} say what differs, and how
 * @returns how many were the same, the cases that were not (shrunk), and how many cases used each allowed difference
 */
export async function compareCases(cases, say) {
  const place = await serveCases()
  const contenders = { peer: startPeer(), ours: startOurs() }
  const run = (contender, one) => contender.compile(servedConfiguration(one), place.place(one))
  const both = async (one) => {
    const { repaired, rules } = repair(one)
    const peer = await run(contenders.peer, repaired)
    const ours = await run(contenders.ours, one)
    const crash = crashOf(peer)
    if (crash === undefined || ours.error !== undefined) return { peer, ours, rules }
    const reduced = crash.withoutIt(one)
    const rest = { peer: await run(contenders.peer, repair(reduced).repaired), ours: await run(contenders.ours, reduced) }
    return { ...rest, rules: [...rules, crash.name] }
  }
  const found = { same: 0, differences: [], used: {} }
  try {
    for (const one of cases) {
      const { peer, ours, rules } = await both(one)
      for (const rule of rules) found.used[rule] = (found.used[rule] ?? 0) + 1
      if (areSame(peer, ours)) {
        found.same++
        continue
      }
      if (found.differences.length >= SHRUNK) {
        found.differences.push(one)
        continue
      }
      const failed = (outcome) => outcome.error !== undefined
      const smallest = await shrink(one, async (smaller) => {
        const outcome = await both(smaller)
        return !areSame(outcome.peer, outcome.ours) && failed(outcome.peer) === failed(peer) && failed(outcome.ours) === failed(ours)
      })
      const last = await both(smallest)
      found.differences.push(smallest)
      say(`${one.name}: - peer, + ours\n${differenceOf(last.peer, last.ours)}\n  ${JSON.stringify(smallest)}\n`)
    }
    return found
  } finally {
    for (const contender of Object.values(contenders)) contender.close()
    place.close()
  }
}
