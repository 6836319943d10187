import { parentPort } from 'node:worker_threads'
import { hashFile } from './hash-file.mjs'

// A batch of files in, their facts out, in the same order.
parentPort.on('message', ({ first, items }) => {
  parentPort.postMessage({ first, results: items.map(({ path, size }) => hashFile(path, size)) })
})
