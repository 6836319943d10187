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

/** So many differing lines are shown, and lines of so many characters. */
const SHOWN = 24
const SHOWN_LENGTH = 300

/** The lines that differ, for people: `-` is what only the peer has, `+` what only ours has. */
export function differenceOf(peer, ours) {
  const [a, b] = [peer, ours].map((outcome) => comparable(outcome).lines ?? [`(failed: ${outcome.error})`])
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  const changes = changesOf(a.slice(start), b.slice(start))
  const shown = changes.slice(0, SHOWN).map(([sign, line]) => `  ${sign} ${JSON.stringify(line.slice(0, SHOWN_LENGTH))}`)
  const rest = changes.length > SHOWN ? [`  and ${changes.length - SHOWN} lines more`] : []
  return [`  from line ${start + 1}`, ...shown, ...rest].join('\n')
}

/** How far ahead a line is looked for: what is farther away counts as gone. */
const WINDOW = 500

/** Lines that only one of two lists has, in their order: each next line goes with the nearest equal one of the other list. */
function changesOf(a, b) {
  const changes = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && a[i] === b[j]) {
      i++
      j++
      continue
    }
    const inB = i < a.length ? b.slice(j, j + WINDOW).indexOf(a[i]) : -1
    const inA = j < b.length ? a.slice(i, i + WINDOW).indexOf(b[j]) : -1
    if (i < a.length && (inB === -1 || (inA !== -1 && inA < inB))) changes.push(['-', a[i++]])
    else changes.push(['+', b[j++]])
  }
  return changes
}
