import { parentPort, workerData } from 'node:worker_threads'
import { CatalogError } from '../errors.js'
import { openCatalog } from '../open-catalog.js'
import type { Answer, Failure, Question, ThreadOptions } from './messages.js'

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  return error instanceof CatalogError ? { code: error.code, message } : { message }
}

function serve({ path }: ThreadOptions, answer: (message: Answer) => void, listen: (listener: (question: Question) => void) => void): void {
  try {
    const catalog = openCatalog(path)
    listen(({ id, method, args }) => {
      try {
        const ask = catalog[method] as (...args: readonly unknown[]) => unknown
        answer({ id, value: ask(...args) })
      } catch (error) {
        answer({ id, error: failureOf(error) })
      }
    })
    process.once('exit', () => catalog.close())
    answer({ opened: true })
  } catch (error) {
    answer({ failed: failureOf(error) })
  }
}

const port = parentPort
if (port !== null) {
  serve(
    workerData as ThreadOptions,
    (message) => port.postMessage(message),
    (listener) => void port.on('message', (question: Question | 'close') => (question === 'close' ? port.close() : listener(question))),
  )
}
