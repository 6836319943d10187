import { parentPort, workerData } from 'node:worker_threads'
import { wireErrorOf } from '../errors.js'
import type { FromWriter, Opened, ToWriter } from '../messages.js'
import type { ThreadData } from '../options.js'
import { lockFolder } from './lock.js'
import { openForWriting } from './open.js'
import { prepareOperations } from './operations.js'
import { prepareTools } from './tools.js'
import { prepareTransaction } from './transaction.js'

// The thread that writes. It holds the lock of the folder and the only connection that changes anything.

const port = parentPort
if (port === null) throw new Error('This module is the writer thread of the store.')
const data = workerData as ThreadData
const now = (): number => Date.now() + (data.timeOffset?.[0] ?? 0)

try {
  const unlock = lockFolder(data.folder)
  const db = openForWriting(data, now())
  const tools = prepareTools(db)
  const transact = prepareTransaction(db, tools, prepareOperations(tools))
  port.on('message', (message: ToWriter) => {
    if (message === 'close') {
      db.close()
      unlock()
      port.close()
      return
    }
    port.postMessage({ outcomes: transact(message.operations, now()) } satisfies FromWriter)
  })
  port.postMessage({ opened: true } satisfies Opened)
} catch (error) {
  port.postMessage({ opened: false, error: wireErrorOf(error) } satisfies Opened)
  port.close()
}
