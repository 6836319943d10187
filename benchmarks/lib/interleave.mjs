/**
 * Runs contenders in turns, A B C A B C, so that whatever else the machine does meets all of them alike.
 *
 * @param contenders functions by name, each gives an object of figures
 * @returns the figures of each, in the order of the rounds
 */
export async function interleave(contenders, rounds, say) {
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const figures = await run()
      results[name].push(figures)
      say(round, name, figures)
    }
  }
  return results
}
