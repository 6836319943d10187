import { join } from 'node:path'
import { withChildren } from '../lib/child.mjs'
import { writeGoodreadsFile } from '../lib/goodreads-file.mjs'
import { peakMemory } from '../lib/peak-memory.mjs'
import { temporaryFolder } from '../lib/temporary-folder.mjs'
import { countCpu } from '../lib/threads.mjs'

const ROWS = 5000
const WARM_UP_ROWS = 1000
const EDITIONS = 27_000
const MIB = 1024 * 1024

export const title = 'Importing a library'
export const about = `A file of Goodreads with ${ROWS} rows, uploaded over HTTP to a server whose catalog has ${EDITIONS} editions; a tenth of the rows have no ISBN and are looked for by title. Time is from the first byte of the upload to the last of the stream, which tells every row in an event of its own and all books at the end. The client shares the machine. Memory is the most that the server’s process was seen to have, less what it had before.`

export function contenders() {
  const folder = temporaryFolder()
  const files = [WARM_UP_ROWS, ROWS].map((rows) => {
    const path = join(folder, `${rows}.csv`)
    writeGoodreadsFile(path, rows)
    return path
  })
  return { Headway: () => measure(files) }
}

function measure([warmUp, file]) {
  return withChildren(['servers/books.mjs', 'clients/import-watcher.mjs'], async (server, client) => {
    const url = await server.call('open', { editions: EDITIONS })
    await client.call('import', { url, file: warmUp })
    const peak = peakMemory(server.pid)
    const cpu = countCpu(server.pid, await server.call('threads'))
    const { events, seconds } = await client.call('import', { url, file })
    if (events !== ROWS) throw new Error(`The watcher has ${events} rows in place of ${ROWS}.`)
    return { rate: ROWS / seconds, memory: peak() / MIB, cpu: cpu() }
  })
}

export const columns = [
  { key: 'rate', label: 'books/s' },
  { key: 'memory', label: 'highest growth of memory (MiB)', digits: 1 },
  { key: 'cpu', label: 'processor, in cores' },
]

export function targets({ median }) {
  return [{ text: 'books imported and told a second', unit: 'a second', measured: median('rate', 'Headway'), atLeast: 3000 }]
}
