import { setTimeout as wait } from 'node:timers/promises'
import { ask, Unreachable } from '../http.mjs'
import { JobRecord } from '../records.mjs'

/** Creates jobs and asks for changes of them, as a client does that must cope with a server that dies: it tries again. */
export class Creator {
  #made = 0
  #underWay = new Set()

  /** @param options `onCreated` gets the record of each acknowledged job, once */
  constructor({ server, records, kinds, random, stop, onCreated }) {
    Object.assign(this, { server, records, kinds, random, stop, onCreated })
  }

  get unacknowledged() {
    return this.#underWay.size
  }

  /**
   * Begins to create a job; goes on in the background until it is acknowledged.
   *
   * @param {string} [name] the kind's name; any kind by default
   * @param {object} [input] what the job is to do, where that is not to be left to chance
   */
  create(name, input) {
    this.#made += 1
    const kind = this.kinds.find((kind) => kind.name === name) ?? this.random.weighted(this.kinds.map((kind) => [kind.weight, kind]))
    const key = `chaos-job-${this.#made}`
    const { path, body: drawn } = kind.request(key, this.random)
    const body = { ...drawn, ...input }
    // An impatient client sends the same request twice at once.
    const copies = this.random.chance(0.15) ? 2 : 1
    const random = this.random.fork()
    const work = Promise.all(Array.from({ length: copies }, () => this.#untilAcknowledged({ kind, key, path, body, random }))).then(
      (ids) => {
        const [id] = ids
        if (id === undefined) return
        if (new Set(ids).size > 1) this.records.violate(`The key ${key} made several jobs: ${ids.join(', ')}`)
        this.onCreated(this.records.add(new JobRecord({ records: this.records, id, kind, key, input: body })))
      },
    )
    this.#underWay.add(work)
    void work.finally(() => this.#underWay.delete(work))
  }

  async #untilAcknowledged({ kind, key, path, body, random }) {
    const { server, stop, records } = this
    let pause = 50
    while (!stop.aborted) {
      try {
        const headers = { ...server.headers, 'Idempotency-Key': key }
        const encoded = await kind.encode?.(path, body)
        const { status, text } = await ask(server.url + path, { method: 'POST', headers, body: encoded ?? body })
        if (status >= 200 && status < 300) return kind.idOf(JSON.parse(text))
        if (status !== 503) {
          records.violate(`The creation of ${key} was answered ${status}: ${text}`)
          return undefined
        }
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error
        pause = Math.min(pause * 2, 500)
      }
      await wait(random.between(5, pause))
    }
    return undefined
  }

  /** A job that runs for some seconds as a script, if nothing happens to it. */
  createScript() {
    this.create(this.kinds.find(({ isScript }) => isScript)?.name, { lines: 60, pauseMs: 40 })
  }

  /** Asks for a cancel, pause or resume of a job; an unknown outcome is left unknown. */
  request(job, what) {
    const work = this.#request(job, what)
    this.#underWay.add(work)
    void work.finally(() => this.#underWay.delete(work))
  }

  async #request(job, what) {
    try {
      const { status, text } = await ask(`${this.server.url}/jobs/${job.id}/${what}`, { method: 'POST', headers: this.server.headers })
      if (status === 200 || status === 202) {
        if (what === 'cancel' && job.cancelledAt === undefined) {
          job.cancelledAt = JSON.parse(text).head
          job.cancelHeardAt = Date.now()
        }
      } else if (![409, 503].includes(status)) {
        // 409: the job was over, or paused already, or not yet.
        this.records.violate(`A ${what} of ${job.kind.name} ${job.id} was answered ${status}: ${text}`)
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
    }
  }
}
