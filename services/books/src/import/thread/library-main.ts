import { parentPort, workerData } from 'node:worker_threads'
import type { Catalog } from '../../catalog/catalog.js'
import { openCatalog } from '../../catalog/open-catalog.js'
import type { Mapping } from '../columns/mapping.js'
import { ImportError } from '../import-error.js'
import { inspectLibrary } from '../inspect-library.js'
import type { InspectedLibrary } from '../inspected.js'
import { readLibrary } from '../read-library.js'
import type { RowOutcome } from '../row.js'
import type { FromThread, ThreadStart, ToThread } from './messages.js'

// Runs in a thread: looks at one library, then reads a batch for each that is asked for.
if (parentPort === null) throw new ImportError('THREAD_CRASHED', 'This module is run in a thread only.')
const port = parentPort
const { source, inspect, asksColumns, catalogPath } = workerData as ThreadStart

const send = (message: FromThread): void => port.postMessage(message)
let onColumns: (mapping: Mapping | undefined) => void = () => undefined
let library: InspectedLibrary | undefined
let batches: AsyncGenerator<readonly RowOutcome[]> | undefined
let catalog: Catalog | undefined

async function look(): Promise<void> {
  library = await inspectLibrary(source, {
    ...inspect,
    ...(asksColumns && {
      askColumns: (header, samples) =>
        new Promise<Mapping | undefined>((resolve) => {
          onColumns = resolve
          send({ what: 'ask-columns', header, samples })
        }),
    }),
  })
  send({ what: 'inspected', library })
}

async function sendNext(): Promise<void> {
  if (library === undefined) throw new ImportError('THREAD_CRASHED', 'A batch was asked for before the file was looked at.')
  if (catalogPath !== undefined) catalog ??= openCatalog(catalogPath, { readOnly: true })
  batches ??= readLibrary(source, library, { catalog })
  const { value, done } = await batches.next()
  send(done === true ? { what: 'end' } : { what: 'batch', json: JSON.stringify(value) })
}

function sendError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof ImportError)) return send({ what: 'failed', error: { message } })
  const { code, details } = error
  send({ what: 'failed', error: { code, message, ...(details !== undefined && { details }) } })
}

port.on('message', (message: ToThread) => {
  switch (message.what) {
    case 'next':
      return void sendNext().catch(sendError)
    case 'columns':
      return onColumns(message.mapping)
    case 'end':
      catalog?.close()
      // Of this thread: a library that is being looked at is left where it is.
      process.exit(0)
  }
})
look().catch(sendError)
