/**
 * The kinds of jobs that the chaos server has: how one is asked for, and what its log must say in the end.
 *
 * @typedef {object} Kind
 * @property {string} name
 * @property {number} weight how often it is chosen, beside the others
 * @property {number} maxRecoveries how often its worker may be lost before it fails
 * @property {boolean} [pausable]
 * @property {boolean} [isScript]
 * @property {(key: string, random: ReturnType<typeof import('../random.mjs').createRandom>) => { path: string, body: unknown }} request
 * @property {(path: string, body: unknown) => Promise<import('../http.mjs').Encoded | undefined>} [encode] the body as it is sent, where that is not JSON
 * @property {(answer: object) => string} idOf the id in the answer to a creation
 * @property {(job: object) => string} labelOf the key that a job was created with
 * @property {(log: { events: readonly { seq: number, type: string, data: object }[], input: unknown, status: string }) => string[]} check what is wrong with a finished log
 */

export const scriptInput = (key, random) => ({
  label: key,
  lines: random.between(1, 60),
  pauseMs: random.pick([0, 10, 40, 80]),
  manner: random.pick(['plain', 'plain', 'stubborn']),
})

const units = (key, random) => ({
  label: key,
  units: random.between(1, 80),
  pauseMs: random.pick([0, 1, 10, 40]),
  noise: random.pick([0, 0, 1, 5, 20]),
  padding: random.pick([0, 10, 500, 5000]),
})

const native = (name, input) => ({
  name,
  request: (key, random) => ({ path: `/jobs/${name}`, body: input(key, random) }),
  idOf: (answer) => answer.job.id,
  labelOf: (job) => job.input.label,
})

export const OWN_KINDS = [
  { ...native('units', units), weight: 4, pausable: true, maxRecoveries: Infinity, check: checkUnits },
  { ...native('thread-units', units), weight: 2, pausable: true, maxRecoveries: Infinity, check: checkUnits },
  { ...native('script-once', scriptInput), weight: 3, maxRecoveries: 0, check: checkOnce },
  { ...native('script-again', scriptInput), weight: 3, isScript: true, maxRecoveries: Infinity, check: checkLines },
  {
    ...native('flaky', (key, random) => ({ label: key, failures: random.between(0, 3), pauseMs: random.between(0, 100) })),
    weight: 1,
    maxRecoveries: Infinity,
    check: checkFlaky,
  },
]

/** An event and its checkpoint are one: every unit is in the log once, in order, however often the work was broken off. */
function checkUnits({ events, input, status }) {
  const done = events.filter(({ type }) => type === 'unit').map(({ data }) => data.unit)
  const wrong = done.findIndex((unit, index) => unit !== index)
  if (wrong !== -1) return [`unit ${done[wrong]} stands where unit ${wrong} should be`]
  return status === 'completed' && done.length !== input.units ? [`it completed with ${done.length} of ${input.units} units`] : []
}

/** What a script printed, as jobs of these tests and tasks have it. */
function textOf({ text, level, message }) {
  return level === undefined || level === 'stdout' ? (text ?? message) : undefined
}

/** A script that may not be repeated is started once; again only when a person resumes it after its worker was lost in a pause. */
export function checkOnce({ events, input, status }) {
  const problems = checkLines({ events, input, status })
  let mayStart = true
  for (const { type, seq } of events) {
    if (type === 'claimed' && !mayStart) problems.push(`event ${seq} starts it again`)
    if (type === 'claimed') mayStart = false
    if (type === 'resumed') mayStart = true
  }
  return problems
}

/** A run begins with a claim, and where the process host of a step that may run twice was lost. */
const beginsRun = ({ type, data }) =>
  type === 'claimed' || (type === 'line' && data.level === 'error' && data.message.endsWith('The step begins again.'))

/** Each run prints from line 0 on, without a gap, and the last one that printed anything printed all, where the job completed. */
export function checkLines({ events, input, status }) {
  const problems = []
  let lines = 0
  let again = false
  for (const event of events) {
    const { type, data, seq } = event
    if (beginsRun(event)) again = true
    if (type !== 'line') continue
    const text = textOf(data)
    if (text === undefined) continue
    if (again) lines = 0
    again = false
    if (!text.startsWith(`line ${lines} of `)) problems.push(`event ${seq} is "${text}" instead of line ${lines}`)
    lines += 1
  }
  if (status === 'completed' && lines !== input.lines) problems.push(`its last run printed ${lines} of ${input.lines} lines`)
  return problems
}

/** Only real failures count as attempts: lost workers do not. */
function checkFlaky({ events, input, status }) {
  const failures = events.filter(({ type, data }) => type === 'released' && data.reason === 'attempt_failed').length
  return status === 'completed' && failures !== input.failures ? [`it failed ${failures} times instead of ${input.failures}`] : []
}
