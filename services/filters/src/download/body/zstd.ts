import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { Worker } from 'node:worker_threads'
import type { FromZstdThread, ToZstdThread } from './zstd-messages.js'

/** A stream that decodes zstd in a thread of its own, which lives as long as the stream. At most one piece of output waits in it. */
export function createZstdDecoder(): Duplex {
  return Duplex.from(decodeInThread)
}

async function* decodeInThread(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const worker = new Worker(new URL('./zstd-thread.js', import.meta.url), { name: 'zstd' })
  try {
    for await (const chunk of source) {
      let answer = await ask(worker, { chunk })
      yield answer.output
      while (answer.more) {
        answer = await ask(worker, { more: true })
        yield answer.output
      }
    }
    yield (await ask(worker, { end: true })).output
  } finally {
    await worker.terminate()
  }
}

async function ask(worker: Worker, message: ToZstdThread): Promise<Extract<FromZstdThread, { output: Uint8Array }>> {
  const answered = once(worker, 'message')
  worker.postMessage(message)
  const [answer] = (await answered) as [FromZstdThread]
  if ('error' in answer) throw Object.assign(new Error(answer.error), { code: 'ZSTD_ERROR' })
  return answer
}
