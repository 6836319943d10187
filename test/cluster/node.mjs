import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ServerProcess } from '../chaos/server-process.mjs'
import { startTcpProxy } from '../support/tcp-proxy.mjs'
import { Clock } from './clock.mjs'

const MAIN = fileURLToPath(new URL('../../apps/cli/bin/headway.mjs', import.meta.url))

/**
 * @typedef {'api' | 'worker'} Role
 * @typedef {{ from: number, until: number }} Span milliseconds since the epoch
 */

/** One node of the cluster: a process that may be started again, with a data folder and a way to the database of its own. */
export class ClusterNode {
  /** Whether something is being done to it. */
  isBusy = false
  #starts = 0
  #storeUrl

  /**
   * @param {object} options
   * @param {string} options.name
   * @param {Role} options.role
   * @param {number} options.port
   * @param {string} options.key
   * @param {string} options.folder of its data and of what it prints
   * @param {string} options.storeUrl of the database itself
   * @param {Record<string, string>} options.env
   * @param {boolean} options.hasClock whether its time of day can be set
   * @param {(what: string) => void} options.onUnasked told when it ends and nobody asked for it
   */
  static async create({ storeUrl, ...options }) {
    const { hostname, port } = new URL(storeUrl)
    const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
    return new ClusterNode({ ...options, proxy, storeUrl: proxy.urlOf(storeUrl) })
  }

  /** As {@link ClusterNode.create}, with `storeUrl` through the proxy. */
  constructor({ name, role, port, key, folder, proxy, storeUrl, env, hasClock, onUnasked }) {
    mkdirSync(folder)
    this.name = name
    this.role = role
    this.proxy = proxy
    this.clock = hasClock ? new Clock(folder) : undefined
    this.#storeUrl = storeUrl
    this.process = new ServerProcess({
      command: MAIN,
      args: role === 'api' ? ['serve', '--api-only'] : ['work'],
      env: {
        PATH: process.env.PATH ?? '',
        ...env,
        ...this.clock?.env,
        PORT: String(port),
        HEADWAY_DATA: join(folder, 'data'),
        HEADWAY_ADMIN_KEY: key,
      },
      port,
      key,
      logFile: join(folder, 'log'),
      onUnasked: (what) => onUnasked(`${name}: ${what}`),
    })
  }

  get url() {
    return this.process.url
  }

  /** Starts its process. Each has a name of its own at the database, by which one sees who wrote what. */
  start() {
    this.#starts += 1
    const url = new URL(this.#storeUrl)
    url.searchParams.set('application_name', `${this.name}.${this.#starts}`)
    this.process.env.HEADWAY_STORE = url.href
    this.process.start()
  }

  async close() {
    if (this.process.running) {
      this.process.signal('SIGCONT')
      await this.process.kill()
    }
    await this.proxy.close()
  }
}
