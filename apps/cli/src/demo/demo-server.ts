import { createdJobSchema } from '@headway/protocol'
import type { Json } from '@headway/protocol'
import { z } from 'zod'
import { Api } from '../api/api.js'
import { chooseDisplay } from '../watch/choose-display.js'
import { endOf, followJob } from '../watch/follow-job.js'
import { EventReader } from '../watch/read-event.js'
import { expectThat } from './expect.js'
import { freePort } from './free-port.js'
import { ServerProcess } from './server-process.js'

const createdByUploadSchema = z.object({ data: z.object({ jobId: z.uuid() }) })

const TIMEOUT_MS = 120_000

/** What a watcher has seen of a job. */
export interface Seen {
  readonly id: string
  readonly status: string | undefined
  /** The text of each line. */
  readonly lines: readonly string[]
}

/** A server of the demo's own, whose jobs are shown. */
export class DemoServer {
  readonly #process: ServerProcess
  readonly #api: Api

  private constructor(process: ServerProcess, key: string) {
    this.#process = process
    this.#api = new Api({ base: new URL(`${process.url}/`), key, keyOrigin: 'the demo' })
  }

  static async create(key: string, env: NodeJS.ProcessEnv): Promise<DemoServer> {
    return new DemoServer(new ServerProcess(await freePort(), { ...env, HEADWAY_ADMIN_KEY: key }), key)
  }

  get url(): string {
    return this.#process.url
  }

  start(): Promise<void> {
    return this.#process.start()
  }

  /** Asks a route of a service. @throws Error when the answer is no success, or not of this shape */
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return this.#api.request(path, schema)
  }

  stop(): Promise<void> {
    return this.#process.stop('SIGTERM')
  }

  /**
   * Creates a job, shows it to its end and makes sure that nothing came twice or was left out.
   *
   * @param killAtPercent the server is killed with `kill -9` when the job has come so far, and started again
   * @throws Error when it is not as promised
   */
  async run(type: string, input: Json, killAtPercent = Infinity): Promise<Seen> {
    const { job } = await this.#api.request(`jobs/${type}`, createdJobSchema, { method: 'POST', body: input })
    return this.#show(job.id, type, killAtPercent)
  }

  /** The same for a file that the books service takes. @param kind below `v3/jobs` */
  async upload(kind: 'imports' | 'scans', field: string, file: File): Promise<Seen> {
    const form = new FormData()
    form.set(field, file)
    const { data } = await this.#api.request(`v3/jobs/${kind}`, createdByUploadSchema, { method: 'POST', form })
    return this.#show(data.jobId, kind, Infinity)
  }

  async #show(id: string, type: string, killAtPercent: number): Promise<Seen> {
    const display = chooseDisplay({ type, status: 'queued', progress: null }, { time: true })
    const reader = new EventReader()
    const events: string[] = []
    const lines: string[] = []
    let status: string | undefined
    let restart: Promise<void> | undefined
    const noRestart = new AbortController()
    const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), noRestart.signal])
    const onState = (state: string): void => {
      if (state === 'reconnecting' && restart !== undefined)
        display.note(`the connection is lost after event ${events.length}; coming back by itself`)
    }
    try {
      for await (const message of this.#follow(id, signal, onState)) {
        display.show(message)
        await display.room(signal)
        if (message.kind === 'reset') throw new Error('The history of the job is gone.')
        events.push(message.line)
        status = endOf(message.event)
        for (const shown of reader.read(message.event)) {
          if (shown.kind === 'line') lines.push(shown.text)
          else if ((shown.percent ?? 0) >= killAtPercent && restart === undefined) {
            display.note(`kill -9 ${this.#process.pid}`)
            restart = this.#process.stop('SIGKILL').then(() => this.#process.start())
            // There is nothing to follow any more; why is thrown where it is awaited.
            restart.catch(() => noRestart.abort())
          }
        }
      }
      await restart
      const stored: string[] = []
      for await (const { line } of this.#follow(id, signal)) stored.push(line)
      expectThat(events.join() === stored.join(), 'the watcher has seen each event of the log once')
      display.note(`${status ?? 'gone'}; seen: ${events.length} events; stored: ${stored.length}, the same ones`)
    } finally {
      display.close()
    }
    expectThat(killAtPercent === Infinity || restart !== undefined, 'the server was killed while the job ran')
    return { id, status, lines }
  }

  #follow(id: string, signal: AbortSignal, onState: (state: string) => void = () => undefined) {
    return followJob({
      url: this.#api.url(`jobs/${id}/events`).href,
      headers: this.#api.headers,
      after: 0,
      signal,
      onState,
    })
  }
}
