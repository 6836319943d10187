import { parentPort, workerData } from 'node:worker_threads'
import { openCatalog } from '../../catalog/open-catalog.js'
import { ImportError } from '../import-error.js'
import { readLibrary } from '../read-library.js'
import type { FromThread, ThreadStart } from './messages.js'

// Runs in a thread: reads one library, a batch for each that is asked for.
if (parentPort === null) throw new ImportError('THREAD_CRASHED', 'This module is run in a thread only.')
const port = parentPort
const { path, library, afterRow, catalogPath, bar } = workerData as ThreadStart

const send = (message: FromThread): void => port.postMessage(message)
const catalog = catalogPath === undefined ? undefined : openCatalog(catalogPath, { readOnly: true })
const batches = readLibrary(path, library, { afterRow, catalog, bar })

async function sendNext(): Promise<void> {
  try {
    const { value, done } = await batches.next()
    if (done !== true) return send({ what: 'batch', json: JSON.stringify(value) })
    catalog?.close()
    send({ what: 'end' })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    send({ what: 'failed', message, ...(error instanceof ImportError && { code: error.code }) })
  }
}

port.on('message', () => void sendNext())
