/** The API of a cluster as clients see it who know all its nodes: each request and each connection goes to any of them. */
export class Entrance {
  #nodes
  #random

  /** @param {{ nodes: readonly import('./node.mjs').ClusterNode[], key: string, random: ReturnType<typeof import('../chaos/random.mjs').createRandom> }} options */
  constructor({ nodes, key, random }) {
    this.#nodes = nodes
    this.#random = random
    this.headers = { 'X-API-Key': key }
  }

  /** Of a node, mostly another one than the time before. */
  get url() {
    return this.#random.pick(this.#nodes).url
  }
}
