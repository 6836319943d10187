import { setTimeout as wait } from 'node:timers/promises'
import { describeProcess, processesWith } from '../chaos/processes.mjs'

/** How often to look, in milliseconds. */
const LOOK_MS = 300

/** For the kernel to end what was killed, on a machine that does other things too. In milliseconds. */
const SLACK_MS = 3_000

const TERMINAL = new Set(['completed', 'failed', 'cancelled'])

/**
 * Looks all the time at the processes of scripts: those of a run that lost its job, and of a job that was cancelled, must go soon.
 */
export class ScriptWatch {
  #records
  #mark
  #cancelMs
  #stop
  /** The runs that were reported, so that each is once. */
  #told = new Set()
  /** The runs that were seen. */
  runs = new Set()
  /** What lasted longest after its run was over, in milliseconds. */
  longestMs = 0

  /**
   * @param {object} options
   * @param {import('../chaos/records.mjs').Records} options.records
   * @param {string} options.mark the value of CHAOS_MARK of all scripts
   * @param {number} options.cancelMs how long the scripts of a job may live after its cancel was acknowledged
   * @param {AbortSignal} options.stop
   */
  constructor({ records, mark, cancelMs, stop }) {
    this.#records = records
    this.#mark = mark
    this.#cancelMs = cancelMs
    this.#stop = stop
  }

  async run() {
    while (!this.#stop.aborted) {
      this.#look()
      await wait(LOOK_MS)
    }
  }

  #look() {
    for (const { pid, run = '' } of processesWith('CHAOS_MARK', this.#mark)) {
      this.runs.add(run)
      const [, id = '', epoch = ''] = /^(.*):(\d+)$/.exec(run) ?? []
      const job = this.#records.jobs.get(id)
      if (job === undefined) continue
      const over = overSince(job, Number(epoch))
      const overMs = over === undefined ? 0 : performance.now() - over
      const cancelledMs = job.cancelHeardAt === undefined ? 0 : Date.now() - job.cancelHeardAt
      this.longestMs = Math.max(this.longestMs, overMs)
      if (overMs > SLACK_MS) this.#tell(run, `${describeProcess(pid)} is still there ${Math.round(overMs)} ms after its run was over`)
      else if (cancelledMs > this.#cancelMs)
        this.#tell(run, `${describeProcess(pid)} is still there ${Math.round(cancelledMs)} ms after a cancel`)
    }
  }

  #tell(run, what) {
    if (this.#told.has(run)) return
    this.#told.add(run)
    this.#records.violate(`A process of ${run} outlived it: ${what}`)
  }
}

/** When it was first seen here that a run was over: by its end, or because another was given the job. In milliseconds of `performance.now()`. */
function overSince(job, epoch) {
  job.runsOver ??= new Map()
  if (!job.runsOver.has(epoch) && isOver(job, epoch)) job.runsOver.set(epoch, performance.now())
  return job.runsOver.get(epoch)
}

function isOver({ lines }, epoch) {
  let at = 0
  for (const line of lines) {
    // Whoever came late saw the later events first.
    if (line === undefined) continue
    if (!/"type":"(?:claimed|recovered|released|completed|failed|cancelled)"/.test(line)) continue
    const { type, data } = JSON.parse(line)
    if (type === 'claimed') at = data.epoch
    if (at > epoch || (at === epoch && (type === 'recovered' || type === 'released' || TERMINAL.has(type)))) return true
  }
  return false
}
