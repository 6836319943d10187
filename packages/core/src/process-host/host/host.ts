import type { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { emptyFrame, frameHeader, FrameReader, FROM_HOST, jsonFrame, numberFrame, TO_HOST } from '../frames.js'
import type { ExtendMessage, Frame, KillMessage, StartMessage } from '../frames.js'
import { KILL_WAIT_MS, killLeftovers } from '../processes.js'
import { Deadlines } from './deadlines.js'
import type { HostedProcess } from './hosted-process.js'
import { pipeOutlets } from './outlets.js'
import type { Outlets } from './outlets.js'
import { OutputRelay } from './output-relay.js'
import { PipeStock } from './pipes.js'
import { startProcess } from './start-process.js'
import { StartRefused } from './start-refused.js'
import { terminalOutlets } from './terminal.js'

interface Child {
  readonly process: HostedProcess
  readonly relay: OutputRelay
}

/** The host's side: does what the server says, and kills everything when the server is gone or a lease is over. */
export class Host {
  readonly #toServer: Writable
  readonly #pipes = new PipeStock()
  readonly #children = new Map<number, Child>()
  readonly #running = new Set<HostedProcess>()
  /** Programs that are about to be started. */
  readonly #starting = new Set<{ readonly run: string; killed: boolean }>()
  readonly #deadlines = new Deadlines((run) => this.#killRun(run))
  #serverIsGone = false

  constructor(toServer: Writable) {
    this.#toServer = toServer
    // The server may be gone while something is on its way; the control pipe says so, too.
    toServer.on('error', () => undefined)
  }

  /** Serves one server. Resolves after its end of the control pipe was closed and everything that ran was killed. */
  async serve(control: Readable): Promise<void> {
    const reader = new FrameReader()
    try {
      for await (const chunk of control) for (const frame of reader.push(chunk as Buffer)) this.#handle(frame)
    } catch {
      // A broken control pipe is a closed one.
    }
    this.#serverIsGone = true
    for (const process of this.#running) process.killGroup()
    const runs = new Set([...this.#running].map(({ run }) => run))
    await killLeftovers((run) => runs.has(run))
    await this.#pipes.close()
  }

  #handle({ kind, child, payload }: Frame): void {
    switch (kind) {
      case TO_HOST.start:
        void this.#start(child, JSON.parse(payload.toString()) as StartMessage)
        break
      case TO_HOST.credit:
        this.#children.get(child)?.relay.credit(payload.readUInt32LE())
        break
      case TO_HOST.stop:
        this.#children.get(child)?.process.stop(payload.readUInt32LE())
        break
      case TO_HOST.suspend:
        this.#children.get(child)?.process.suspend()
        break
      case TO_HOST.resume:
        this.#children.get(child)?.process.resume()
        break
      case TO_HOST.extend: {
        const { runs, leaseMs } = JSON.parse(payload.toString()) as ExtendMessage
        for (const run of runs) this.#deadlines.extend(run, leaseMs)
        break
      }
      case TO_HOST.kill:
        void this.#kill(child, (JSON.parse(payload.toString()) as KillMessage).run)
        break
    }
  }

  async #start(number: number, message: StartMessage): Promise<void> {
    const starting = { run: message.run, killed: false }
    this.#starting.add(starting)
    this.#deadlines.add(message.run, message.leaseMs)
    let outlets: Outlets
    let process: HostedProcess
    try {
      outlets = await this.#outlets(message).finally(() => this.#starting.delete(starting))
      if (this.#serverIsGone) return
      if (starting.killed) throw refusedAsKilled(message, outlets)
      process = await startProcess(message, outlets, this.#running)
    } catch (error) {
      this.#deadlines.remove(message.run)
      const failure = error instanceof StartRefused ? error.failure : { code: 'EINVAL', message: String(error) }
      this.#toServer.write(jsonFrame(FROM_HOST.startFailed, number, failure))
      return
    }
    const relay = new OutputRelay(
      process.output,
      (kind, bytes) => this.#sendOutput(kind, number, bytes),
      () => {
        this.#children.delete(number)
        this.#toServer.write(emptyFrame(FROM_HOST.end, number))
      },
    )
    this.#children.set(number, { process, relay })
    this.#toServer.write(numberFrame(FROM_HOST.started, number, process.pid))
    // The lease may have ended while the program was being started.
    if (this.#deadlines.isOver(message.run)) process.kill()
    const exit = await process.exit
    this.#running.delete(process)
    this.#deadlines.remove(message.run)
    outlets.left()
    this.#toServer.write(jsonFrame(FROM_HOST.exit, number, exit))
    relay.finish()
  }

  async #outlets({ pty }: StartMessage): Promise<Outlets> {
    return pty ? terminalOutlets() : pipeOutlets([await this.#pipes.take(), await this.#pipes.take()])
  }

  #sendOutput(kind: number, number: number, bytes: Buffer): void {
    this.#toServer.cork()
    this.#toServer.write(frameHeader(kind, number, bytes.length))
    this.#toServer.write(bytes)
    this.#toServer.uncork()
  }

  #killRun(run: string): void {
    for (const starting of this.#starting) if (starting.run === run) starting.killed = true
    for (const process of this.#running) if (process.run === run) process.kill()
  }

  async #kill(request: number, run: string): Promise<void> {
    const giveUpAt = performance.now() + KILL_WAIT_MS
    this.#killRun(run)
    await killLeftovers((marked) => marked === run)
    // One that can't be killed (it hangs in the kernel) must not cost the host, and with it all others.
    while (performance.now() < giveUpAt && [...this.#running].some((process) => process.run === run)) await wait(10)
    this.#toServer.write(emptyFrame(FROM_HOST.killed, request))
  }
}

/** Its run was killed while its pipes were made. Nothing of a run may begin after its end. */
function refusedAsKilled({ command }: StartMessage, outlets: Outlets): StartRefused {
  outlets.drop()
  return new StartRefused({ code: 'ECANCELED', message: `The program "${command}" was not started: its run is over.` })
}
