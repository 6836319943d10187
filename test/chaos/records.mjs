import { EventEmitter } from 'node:events'

const TERMINAL = new Set(['completed', 'failed', 'cancelled'])

/** The longest piece of an event that a report shows, in characters. */
const SHOWN_CHARACTERS = 300

/** An event's JSON line as reports show it. */
export function shorten(line) {
  return line === undefined || line.length <= SHOWN_CHARACTERS ? line : `${line.slice(0, SHOWN_CHARACTERS)}...`
}

/** Whether an event's JSON line is the last one of a log. */
export function isTerminalLine(line) {
  return TERMINAL.has(JSON.parse(line).type)
}

/** What is known of all jobs from outside: what was acknowledged and what watchers saw. Whatever breaks a promise is written down. */
export class Records extends EventEmitter {
  /** @type {Map<string, JobRecord>} */
  jobs = new Map()
  /** @type {string[]} */
  violations = []
  eventsSeen = 0
  /** When the server was frozen, in milliseconds since the epoch. */
  freezes = []

  violate(text) {
    // The first ones tell what is wrong; a broken server could say the same thousands of times.
    if (this.violations.length < 200) this.violations.push(text)
    this.emit('violation', text)
  }

  add(job) {
    this.jobs.set(job.id, job)
    return job
  }

  get open() {
    return [...this.jobs.values()].filter((job) => !job.closed)
  }
}

/** One acknowledged job. */
export class JobRecord {
  /** Event n at n-1, as the first watcher that came so far saw it. */
  lines = []
  closed = false
  /** @type {Watcher[]} */
  watchers = []
  /** Follows it in the dialect of its service, where it has one. */
  taskWatcher
  /** The head that the answer to a cancel named: the job must not be started after it. */
  cancelledAt
  /** When that answer came, in milliseconds since the epoch. */
  cancelHeardAt

  /** @param {{ records: Records, id: string, kind: import('./jobs/own-kinds.mjs').Kind, key: string, input: unknown }} about */
  constructor({ records, id, kind, key, input }) {
    this.records = records
    this.id = id
    this.kind = kind
    this.key = key
    this.input = input
  }

  watcher(transport) {
    const watcher = new Watcher(this, transport)
    this.watchers.push(watcher)
    return watcher
  }
}

/** One client that follows one job; `after` is its cursor. */
export class Watcher {
  after = 0
  done = false
  connections = 0

  constructor(job, transport) {
    this.job = job
    this.transport = transport
  }

  get name() {
    return `${this.transport} of ${this.job.kind.name} ${this.job.id}`
  }

  /** It got event `seq`, with this JSON line. */
  take(seq, line) {
    const { job } = this
    const { records } = job
    if (this.done) return this.violate(`got event ${seq} after the terminal one: ${shorten(line)}`)
    if (seq !== this.after + 1) return this.violate(`has ${this.after} events and got event ${seq}: ${shorten(line)}`)
    if (JSON.parse(line).seq !== seq) return this.violate(`got event ${seq} with another number in it: ${shorten(line)}`)
    const known = job.lines[seq - 1]
    if (known === undefined) job.lines[seq - 1] = line
    else if (known !== line) return this.violate(`got another event ${seq} than others did:\n  ${shorten(line)}\n  ${shorten(known)}`)
    this.after = seq
    records.eventsSeen += 1
    if (isTerminalLine(line)) {
      this.done = true
      job.closed = true
    }
    records.emit('event', job, seq)
  }

  violate(what) {
    this.job.records.violate(`${this.name} ${what}`)
  }
}
