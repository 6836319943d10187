import { parentPort } from 'node:worker_threads'
import { CompileError } from '../compile-error.js'
import { lowerPriority } from './lower-priority.js'
import type { ToThread } from './messages.js'
import { ThreadTask } from './thread-task.js'

if (parentPort === null) throw new CompileError('NOT_A_THREAD', 'This module is run in a thread only.')
const port = parentPort
lowerPriority()

/** The one that was begun last. Who gives out the tasks begins none before the last one is done. */
let current: ThreadTask | undefined
port.on('message', (message: ToThread) => {
  if (message.what === 'task') {
    current = new ThreadTask(message.taskId, (answer) => port.postMessage(answer))
    void current.run(message.task)
  } else if (message.taskId === current?.id) {
    current.loaded(message)
  }
})
