/** Lines of the list's header that tell of the run and not of the lists: they are not compared. */
const VARYING = ['! Last modified:', '! Compiled by']

/**
 * A list without what differs from run to run.
 *
 * @param {{ lines?: readonly string[], error?: string, crashed?: boolean }} outcome
 */
export function comparable(outcome) {
  if (outcome.lines === undefined) return { error: true }
  const lines = [...outcome.lines]
  for (const start of VARYING) {
    const at = lines.findIndex((line) => line.startsWith(start))
    if (at !== -1) lines[at] = start
  }
  return { lines }
}

/** Whether two outcomes are the same: both failed, or the same bytes. */
export function areSame(one, other) {
  const [a, b] = [comparable(one), comparable(other)]
  if (a.error === true || b.error === true) return a.error === b.error && one.crashed === other.crashed
  return a.lines.join('\n') === b.lines.join('\n')
}

const SHOWN = 12

/** The first lines that differ, for people: `-` is what only the peer has, `+` what only ours has. */
export function differenceOf(peer, ours) {
  const [a, b] = [peer, ours].map((outcome) => comparable(outcome).lines ?? [`(failed: ${outcome.error})`])
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const show = (sign, lines) => {
    const shown = lines.slice(0, SHOWN).map((line) => `  ${sign} ${JSON.stringify(line.slice(0, 300))}`)
    return lines.length > SHOWN ? [...shown, `  ${sign} and ${lines.length - SHOWN} more`] : shown
  }
  return [`  at line ${start + 1}`, ...show('-', a.slice(start, a.length - end)), ...show('+', b.slice(start, b.length - end))].join('\n')
}
