import { isGood } from './run-watcher.mjs'
import { readSse } from './sse.mjs'

/** A client that follows a task in the dialect of the tasks service, where one event can make several messages. */
export class TaskWatcher {
  /** Messages that are of the log, each as its id and its data. `connected` is said anew on each connection, and has no id. */
  messages = []
  done = false
  connections = 0

  constructor(job) {
    this.job = job
  }

  get after() {
    return this.messages.at(-1)?.id
  }

  violate(what) {
    this.job.records.violate(`tasks dialect of ${this.job.kind.name} ${this.job.id} ${what}`)
  }

  take({ id, event, data }) {
    const { type } = JSON.parse(data)
    if (event !== undefined || !['connected', 'log', 'update', 'end'].includes(type)) return this.violate(`got ${event} ${data}`)
    if ((type === 'connected') !== (id === undefined)) return this.violate(`got a message with id ${id}: ${data}`)
    if (id === undefined) return
    if (this.done) return this.violate(`got a message after the end: ${data}`)
    this.messages.push({ id, data })
    this.done = type === 'end'
  }

  /** Compares what it got over all its connections with what a client gets on one. */
  async check(server) {
    const whole = new TaskWatcher(this.job)
    await followTask(server, whole, AbortSignal.timeout(20_000))
    const wrong = whole.messages.findIndex(({ id, data }, index) => id !== this.messages[index]?.id || data !== this.messages[index]?.data)
    if (!this.done) this.violate(`ended with ${this.messages.length} of ${whole.messages.length} messages`)
    else if (wrong !== -1 || whole.messages.length !== this.messages.length) {
      this.violate(
        `got ${this.messages.length} messages instead of ${whole.messages.length}; number ${wrong}:\n  ${JSON.stringify(this.messages[wrong])}\n  ${JSON.stringify(whole.messages[wrong])}`,
      )
    }
  }
}

/** One connection. */
export async function followTask(server, watcher, signal) {
  const { after } = watcher
  // The parser keeps an id for the messages after it; ids are only of the message that has one.
  await readSse(server, `/api/tasks/${watcher.job.id}/stream`, after, {
    signal,
    onAnswer(status) {
      if (isGood(watcher, status, [200, 204]) && status === 204) watcher.violate(`was told at ${after} that there is nothing more`)
    },
    onMessage: (message) => watcher.take(message),
  })
}
