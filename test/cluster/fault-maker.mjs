import { setTimeout as wait } from 'node:timers/promises'
import { FAULTS } from './faults.mjs'

/** Between two faults, in milliseconds. */
const PAUSE_MS = { min: 200, max: 3_500 }

/** So many things go wrong at a time, at most. */
const MOST_AT_ONCE = 3

/** Lets things go wrong, several at a time, never two with one node or with the database. */
export class FaultMaker {
  /** How often each happened. @type {Map<string, number>} */
  counts = new Map()
  #cluster
  #random
  #print
  #underWay = new Set()
  #isDatabaseBusy = false

  /** @param {{ cluster: import('./cluster.mjs').Cluster, print: (line: string) => void }} options */
  constructor({ cluster, print }) {
    this.#cluster = cluster
    this.#random = cluster.random.fork()
    this.#print = print
  }

  /** Draws one after another for so many milliseconds. Resolves when all are over. */
  async runFor(ms) {
    const random = this.#random
    for (const started = performance.now(); performance.now() - started < ms;) {
      await wait(random.between(PAUSE_MS.min, PAUSE_MS.max))
      if (this.#underWay.size < MOST_AT_ONCE) this.#begin(random.weighted(FAULTS.map((fault) => [fault.weight, fault])))
    }
    await this.#allOver()
  }

  /** @param {readonly string[]} names of faults that happen one after another, as soon as they can */
  async runEach(names) {
    for (const name of names) {
      const fault = FAULTS.find((candidate) => candidate.name === name)
      while (this.#underWay.size >= MOST_AT_ONCE || !this.#begin(fault)) await wait(50)
      await wait(this.#random.between(PAUSE_MS.min, PAUSE_MS.max / 2))
    }
    await this.#allOver()
  }

  async #allOver() {
    await Promise.all(this.#underWay)
  }

  /** @returns {boolean} whether there was somebody to do it to */
  #begin(fault) {
    const { nodes } = this.#cluster
    const fits = ({ role, clock }) => fault.at === 'any' || fault.at === role || (fault.at === 'clock' && clock !== undefined)
    const isOfDatabase = fault.at === undefined
    const node = isOfDatabase ? undefined : this.#random.pick(nodes.filter((candidate) => !candidate.isBusy && fits(candidate)))
    if (isOfDatabase ? this.#isDatabaseBusy : node === undefined) return false
    const isBusy = (value) => {
      if (isOfDatabase) this.#isDatabaseBusy = value
      else node.isBusy = value
    }
    isBusy(true)
    this.counts.set(fault.name, (this.counts.get(fault.name) ?? 0) + 1)
    const work = this.#run(fault, node)
      .catch((error) => this.#cluster.records.violate(`The fault "${fault.name}" could not be made: ${error.stack}`))
      .finally(() => {
        isBusy(false)
        this.#underWay.delete(work)
      })
    this.#underWay.add(work)
    return true
  }

  async #run(fault, node) {
    const what = await fault.run(this.#cluster, node)
    this.#print(`${node === undefined ? '' : `${node.name}: `}${what}`)
    // A node that was started must come back by itself, whatever else goes wrong meanwhile.
    if (node !== undefined) await node.process.ready()
  }
}
