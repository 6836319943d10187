import { emptyFrame, numberFrame, OUTPUT_WINDOW_BYTES, TO_HOST } from './frames.js'
import { OutputQueue } from './output-queue.js'
import type { ScriptExit, ScriptOutput, ScriptProcess } from './script.js'

/** The longest time that a timer of Node can have, in milliseconds: about 24 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1

/** Credit is given back in pieces of this size, in bytes. */
const CREDIT_STEP_BYTES = OUTPUT_WINDOW_BYTES / 4

/** The server's side of one program. */
export class RemoteProcess implements ScriptProcess {
  readonly pid: number
  readonly run: string
  readonly exit: Promise<ScriptExit>
  readonly #number: number
  readonly #send: (frame: Buffer) => void
  readonly #output: OutputQueue
  #resolve: (exit: ScriptExit) => void = () => undefined
  #reject: (error: Error) => void = () => undefined
  #read = 0
  #exited = false
  #ended = false

  constructor(run: string, number: number, pid: number, send: (frame: Buffer) => void) {
    this.run = run
    this.pid = pid
    this.#number = number
    this.#send = send
    this.#output = new OutputQueue((cost) => this.#credit(cost))
    this.exit = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Whoever reads only the output learns of a lost host there.
    this.exit.catch(() => undefined)
  }

  get output(): AsyncIterable<ScriptOutput> {
    return this.#output
  }

  /** Whether the host has nothing more to say of it. */
  get isOver(): boolean {
    return this.#exited && this.#ended
  }

  stop(graceMs: number): Promise<ScriptExit> {
    if (!this.#exited) this.#send(numberFrame(TO_HOST.stop, this.#number, Math.min(Math.max(0, Math.ceil(graceMs)), MAX_TIMER_MS)))
    return this.exit
  }

  suspend(): void {
    if (!this.#exited) this.#send(emptyFrame(TO_HOST.suspend, this.#number))
  }

  resume(): void {
    if (!this.#exited) this.#send(emptyFrame(TO_HOST.resume, this.#number))
  }

  /** The host sent output. */
  printed(piece: ScriptOutput): void {
    this.#output.push(piece)
  }

  /** The host says that all output was sent. */
  endOutput(): void {
    this.#ended = true
    this.#output.end()
  }

  /** The host says that nothing of the program is left. */
  exited(exit: ScriptExit): void {
    this.#exited = true
    this.#resolve(exit)
  }

  lost(error: Error): void {
    this.#exited = true
    this.#ended = true
    this.#reject(error)
    this.#output.end(error)
  }

  #credit(cost: number): void {
    this.#read += cost
    if (this.#read < CREDIT_STEP_BYTES || this.#ended) return
    this.#send(numberFrame(TO_HOST.credit, this.#number, this.#read))
    this.#read = 0
  }
}
