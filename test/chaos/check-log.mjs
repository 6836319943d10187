const TERMINAL = ['completed', 'failed', 'cancelled']

/** What the engine, and not a run of the job, may write while nobody owns the job. */
const UNOWNED = new Set(['claimed', 'paused', 'resumed', 'recovered', 'cancelled', 'failed'])

/**
 * What is wrong with a finished job's log: the promises that hold for every job, then those of its kind.
 *
 * @param {object} job the record of it
 * @param {readonly string[]} lines its log as the server gives it in the end
 * @param {{ status: string, head: number, input: unknown }} shown the job as the server shows it
 * @returns {string[]}
 */
export function checkLog(job, lines, shown) {
  const events = lines.map((line) => JSON.parse(line))
  const { status } = shown
  return [
    ...checkShape(events, shown),
    ...checkOwnership(events),
    ...checkFreezes(events, job.records.freezes),
    ...checkCancel(events, job.cancelledAt, status),
    ...(job.cancelledAt === undefined && status === 'failed' ? checkFailure(events, job.kind) : []),
    ...job.kind.check({ events, input: job.input, status, shown }),
  ]
}

function checkShape(events, { status, head }) {
  const problems = []
  events.forEach(({ seq }, index) => {
    if (seq !== index + 1) problems.push(`event ${seq} stands at place ${index + 1}`)
  })
  if (events[0]?.type !== 'created') problems.push(`its first event is ${events[0]?.type}`)
  const ends = events.filter(({ type }) => TERMINAL.includes(type))
  if (ends.length !== 1) problems.push(`it has ${ends.length} terminal events`)
  if (events.at(-1)?.type !== status) problems.push(`its last event is ${events.at(-1)?.type}, its status ${status}`)
  if (head !== events.length) problems.push(`its head is ${head}, its log has ${events.length} events`)
  return problems
}

/** Only the owner appends: what a run writes carries the run's epoch, and that is the one of the last claim, which still holds. */
function checkOwnership(events) {
  const problems = []
  let epoch = 0
  let owned = false
  for (const event of events) {
    const { seq, type, data } = event
    const writer = epochOf(event)
    if (type === 'claimed') {
      if (data.epoch <= epoch) problems.push(`event ${seq} claims with epoch ${data.epoch} after ${epoch}`)
      epoch = data.epoch
    } else if (!owned && type !== 'created' && !UNOWNED.has(type)) {
      problems.push(`event ${seq} (${type}) was written while nobody owned the job`)
    } else if (writer !== undefined && writer !== epoch) {
      problems.push(`event ${seq} (${type}) was written by epoch ${writer} under epoch ${epoch}`)
    }
    if (type === 'claimed') owned = true
    if (type === 'recovered' || type === 'released') owned = false
  }
  return problems
}

/** The epoch of the run that wrote an event, where the event says it: jobs do in a member, scripts in what they print. */
function epochOf({ data }) {
  if (typeof data?.epoch === 'number') return data.epoch
  const printed = / of epoch (\d+)$/.exec(data?.message ?? '')?.[1]
  return printed === undefined ? undefined : Number(printed)
}

/** What was claimed before a freeze that was longer than the lease writes nothing that is of a later time than the freeze. */
function checkFreezes(events, freezes) {
  const problems = []
  let claimedAt = Infinity
  for (const event of events) {
    const { seq, type, at } = event
    const time = Date.parse(at)
    if (type === 'claimed') claimedAt = time
    if (epochOf(event) === undefined || type === 'claimed') continue
    const woken = freezes.find(({ from, until }) => claimedAt < from && time >= until)
    if (woken !== undefined) problems.push(`event ${seq} (${type}) was written with a lease that ended in a freeze`)
  }
  return problems
}

/** A job that may go on elsewhere fails only when its worker was lost again and again. */
function checkFailure(events, { maxRecoveries }) {
  if (maxRecoveries === 0) return []
  const recoveries = events.filter(({ type }) => type === 'recovered').length
  const { error } = events.at(-1).data
  return error.code === 'worker_lost' && recoveries >= maxRecoveries
    ? []
    : [`it failed after ${recoveries} recoveries: ${JSON.stringify(error)}`]
}

/** A cancel that was acknowledged is not forgotten: the job is not started again. */
function checkCancel(events, head, status) {
  if (head === undefined) return []
  const again = events.find(({ seq, type }) => seq > head && type === 'claimed')
  if (again !== undefined) return [`a cancel was acknowledged at ${head}, and event ${again.seq} starts it again`]
  return ['cancelled', 'completed', 'failed'].includes(status) ? [] : [`a cancel was acknowledged, and it is ${status}`]
}
