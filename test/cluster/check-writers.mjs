/** What anybody may write who looks after a job, not only the worker that owns it. */
const OF_ANYBODY = new Set(['created', 'paused', 'resumed', 'recovered', 'cancelled', 'failed'])

/**
 * Whether each piece of a log was written by the node whose claim was the last before it.
 *
 * @param {readonly { seq: number, type: string, data: object }[]} events the whole log
 * @param {readonly import('./database.mjs').Piece[]} pieces
 * @returns {string[]} what is wrong
 */
export function checkWriters(events, pieces) {
  const problems = []
  let owner
  let claim
  for (const { first, last, writer } of pieces) {
    const { type, data } = events[first - 1] ?? {}
    if (type === 'claimed') {
      owner = writer
      claim = data.epoch
    } else if (!OF_ANYBODY.has(type) && writer !== owner) {
      problems.push(
        `events ${first} to ${last} (${type}, ...) were written by ${writer}, though ${owner} had claimed it with epoch ${claim}`,
      )
    }
  }
  const last = pieces.at(-1)?.last ?? 0
  if (last !== events.length) problems.push(`it has ${events.length} events, of which ${last} were written by somebody`)
  return problems
}

/**
 * How long it took from the acknowledgement of a cancel to the end of the log.
 *
 * @param {{ cancelHeardAt?: number }} job
 * @param {readonly import('./database.mjs').Piece[]} pieces
 * @returns {number} milliseconds; 0 where the end came first, or nobody cancelled it
 */
export function cancelTook({ cancelHeardAt }, pieces) {
  return cancelHeardAt === undefined ? 0 : Math.max(0, (pieces.at(-1)?.at ?? 0) - cancelHeardAt)
}
