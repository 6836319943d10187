// A way to a server that can be cut, frozen and slowed down, as networks are: between a store and its database, for example.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * @typedef {'request' | 'answer' | 'commit'} LossPoint what the client says that holds the mark does not arrive, or its answer does not, or that of the next commit
 * on that connection
 */

/**
 * @typedef {object} Loss
 * @property {string} mark a text in what the client sends
 * @property {LossPoint} at
 * @property {'cut' | 'freeze'} how the connection ends, or nothing passes on it any more while both ends believe in it
 * @property {() => void} done
 */

/**
 * @param {{ host: string, port: number }} target
 * @returns {Promise<TcpProxy>} one that takes connections
 */
export async function startTcpProxy(target) {
  const proxy = new TcpProxy(target)
  await proxy.listen()
  return proxy
}

/** Made by {@link startTcpProxy}. */
export class TcpProxy {
  /** Where new connections go. May be changed at any time, as a failover does. */
  target
  /** How long each piece takes, each way. In milliseconds. */
  latencyMs = 0
  /** How many connections were refused so far. */
  refusals = 0
  #server = createServer({ noDelay: true }, (client) => this.#accept(client))
  /** @type {Set<Connection>} */
  #connections = new Set()
  #port = 0
  #refuses = false
  /** @type {PromiseWithResolvers | undefined} set while nothing passes */
  #frozen
  /** @type {Loss | undefined} */
  #loss

  /** @param {{ host: string, port: number }} target */
  constructor(target) {
    this.target = target
  }

  /** The same after {@link TcpProxy.restore}. */
  get port() {
    return this.#port
  }

  /** How many connections are open through it. */
  get connections() {
    return this.#connections.size
  }

  /** @param {string} url of the target; @returns {string} the same through this proxy */
  urlOf(url) {
    const own = new URL(url)
    own.hostname = '127.0.0.1'
    own.port = String(this.#port)
    return own.href
  }

  async listen() {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = this.#server.address().port
  }

  /** Ends all connections. */
  cut() {
    for (const connection of this.#connections) connection.end()
  }

  /** Ends all connections, and new ones at once, until {@link TcpProxy.restore}. */
  refuse() {
    this.#refuses = true
    this.cut()
  }

  /** From now on nothing passes, and no end of a connection either: both sides see silence. New connections are taken and hear nothing. */
  freeze() {
    this.#frozen ??= withResolvers()
  }

  /** Everything passes again. What was held arrives. */
  restore() {
    this.#refuses = false
    this.#frozen?.resolve()
    this.#frozen = undefined
  }

  /**
   * Loses one thing that a client says, or hears. Only once.
   *
   * @param {string} mark
   * @param {LossPoint} at
   * @param {'cut' | 'freeze'} [how]
   * @returns {Promise<void>} resolves when it was lost
   */
  lose(mark, at, how = 'cut') {
    const { promise, resolve } = withResolvers()
    this.#loss = { mark, at, how, done: resolve }
    return promise
  }

  /** Forgets a loss that has not happened. */
  keep() {
    this.#loss = undefined
  }

  async close() {
    this.restore()
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** @param {import('node:net').Socket} client */
  #accept(client) {
    if (this.#refuses) {
      this.refusals += 1
      return client.destroy()
    }
    const server = connect(this.target.port, this.target.host)
    const connection = new Connection(
      client,
      server,
      (chunk, from) => this.#pass(connection, chunk, from),
      () => this.#frozen?.promise,
    )
    this.#connections.add(connection)
    void connection.ended.then(() => this.#connections.delete(connection))
  }

  /**
   * What is done with a piece of a connection: waits for as long as it takes.
   *
   * @param {Connection} connection
   * @param {Buffer} chunk
   * @param {'client' | 'server'} from
   * @returns {Promise<boolean>} whether it passes
   */
  async #pass(connection, chunk, from) {
    if (this.latencyMs > 0) await delay(this.latencyMs)
    while (this.#frozen !== undefined) await this.#frozen.promise
    if (from === 'server') {
      const loss = connection.answerIsLost
      if (loss === undefined) return true
      this.#end(connection, loss)
      return false
    }
    const loss = this.#loss
    if (loss === undefined) return true
    connection.isMarked ||= chunk.includes(loss.mark)
    if (!connection.isMarked || (loss.at === 'commit' && !/commit/i.test(chunk.toString('latin1')))) return true
    this.#loss = undefined
    if (loss.at === 'request') {
      this.#end(connection, loss)
      return false
    }
    connection.answerIsLost = loss
    return true
  }

  /** @param {Connection} connection @param {Loss} loss */
  #end(connection, loss) {
    if (loss.how === 'cut') connection.end()
    else connection.silence()
    loss.done()
  }
}

/** One client and its connection to the server. */
class Connection {
  /** Whether the mark of a loss was seen here. */
  isMarked = false
  /** @type {Loss | undefined} */
  answerIsLost
  #client
  #server
  #frozen
  #isSilent = false
  #ended = withResolvers()

  /**
   * @param {import('node:net').Socket} client
   * @param {import('node:net').Socket} server
   * @param {(chunk: Buffer, from: 'client' | 'server') => Promise<boolean>} pass
   * @param {() => Promise<void> | undefined} frozen
   */
  constructor(client, server, pass, frozen) {
    this.#client = client
    this.#server = server
    this.#frozen = frozen
    for (const socket of [client, server]) socket.setNoDelay(true).on('error', () => socket.destroy())
    void this.#forward(client, server, (chunk) => pass(chunk, 'client'))
    void this.#forward(server, client, (chunk) => pass(chunk, 'server'))
  }

  /** Resolves when both sides are closed. */
  get ended() {
    return this.#ended.promise
  }

  end() {
    this.#client.destroy()
    this.#server.destroy()
    this.#ended.resolve()
  }

  /** Nothing passes any more, not even its end. */
  silence() {
    this.#isSilent = true
  }

  /**
   * @param {import('node:net').Socket} from
   * @param {import('node:net').Socket} to
   * @param {(chunk: Buffer) => Promise<boolean>} pass
   */
  async #forward(from, to, pass) {
    try {
      for await (const chunk of from) {
        if (!(await pass(chunk)) || this.#isSilent) continue
        if (!to.write(chunk)) await Promise.race([once(to, 'drain'), once(to, 'close')])
      }
    } catch {
      // It was destroyed: the same as its end.
    }
    // A network in which nothing passes does not tell the other side of an end either.
    while (this.#frozen() !== undefined) await this.#frozen()
    if (!this.#isSilent) this.end()
  }
}

/**
 * @typedef {{ promise: Promise<void>, resolve: () => void }} PromiseWithResolvers
 * @returns {PromiseWithResolvers}
 */
function withResolvers() {
  let resolve = () => {}
  const promise = new Promise((done) => (resolve = done))
  return { promise, resolve }
}
