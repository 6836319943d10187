import { parentPort } from 'node:worker_threads'
import { copyFile } from './copy-file.mjs'

// A batch of files to copy in, what became of them out, in the same order.
parentPort.on('message', ({ first, items }) => {
  parentPort.postMessage({ first, results: items.map(copyFile) })
})
