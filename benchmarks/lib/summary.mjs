import { median, spread } from './stats.mjs'

/**
 * What came of the rounds of one case: functions that its targets are made of.
 *
 * @param results the figures of each contender, in the order of the rounds
 */
export function summaryOf(results) {
  const values = (key, name) => results[name].map((figures) => figures[key])
  return {
    median: (key, name) => median(values(key, name)),
    least: (key, name) => Math.min(...values(key, name)),
    most: (key, name) => Math.max(...values(key, name)),
    /** The median of the ratios in each round: what slows the machine for a while slows both. */
    ratio: (key, name, against) => median(values(key, name).map((value, round) => value / values(key, against)[round])),
  }
}

/** Median and spread of every figure of every contender; of CPU shares the medians. */
export function rowsOf(results) {
  return Object.entries(results).map(([name, rounds]) => {
    const figures = {}
    for (const key of Object.keys(rounds[0])) {
      figures[key] = key === 'cpu' ? medianShares(rounds.map(({ cpu }) => cpu)) : spread(rounds.map((round) => round[key]))
    }
    return { name, figures }
  })
}

function medianShares(rounds) {
  const threads = [...new Set(rounds.flatMap((shares) => Object.keys(shares)))]
  return Object.fromEntries(threads.map((thread) => [thread, median(rounds.map((shares) => shares[thread] ?? 0))]))
}

/** A target with whether it holds. */
export function judge(target) {
  const { measured, atLeast, atMost } = target
  return { ...target, holds: atLeast === undefined ? measured <= atMost : measured >= atLeast }
}
