// Compiles a filter list on a server and prints every step as it happens. A broken connection is taken up again after the last event.
//
//   API_URL=http://localhost:3000 node examples/compile-filters-example.js [configuration.json] > list.txt
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { createParser } from 'eventsource-parser'

const url = process.env.API_URL ?? 'http://localhost:3000'
const request =
  process.argv[2] === undefined
    ? {
        configuration: { name: 'Example', sources: [{ name: 'Hosts', source: 'hosts' }], transformations: ['RemoveComments', 'Compress'] },
        preFetchedContent: { hosts: '# Instead of a URL\n0.0.0.0 ads.example.com\n0.0.0.0 sub.ads.example.com\n' },
      }
    : { configuration: JSON.parse(await readFile(process.argv[2], 'utf8')) }

/** What is known of the compilation: its id and token, the last event that came, and whether it is over. */
const seen = { over: false }

const parser = createParser({
  onEvent({ id, event, data }) {
    seen.lastId = id ?? seen.lastId
    const value = JSON.parse(data)
    if (event === 'job') Object.assign(seen, value)
    else if (event === 'result') process.stdout.write(value.rules.join('\n'))
    else console.error(event, data)
    if (event === 'error') process.exitCode = 1
    if (event === 'done') seen.over = true
  },
})

/** Reads a stream until it ends or breaks. @returns what the server says when it refuses: coming back would not help */
async function read(path, init) {
  try {
    const response = await fetch(`${url}${path}`, init)
    if (response.status === 204) seen.over = true
    else if (response.ok) for await (const text of response.body.pipeThrough(new TextDecoderStream())) parser.feed(text)
    else if (response.status < 500) return await response.text()
  } catch (error) {
    console.error(`the connection broke: ${error.message}`)
  }
  parser.reset()
  return undefined
}

const headers = { 'Content-Type': 'application/json' }
let refusal = await read('/compile/stream', { method: 'POST', headers, body: JSON.stringify(request) })
while (!seen.over && refusal === undefined && seen.requestId !== undefined) {
  await wait(1000)
  const authorization = { Authorization: `Bearer ${seen.token}`, ...(seen.lastId !== undefined && { 'Last-Event-ID': seen.lastId }) }
  refusal = await read(`/compile/stream/${seen.requestId}`, { headers: authorization })
}
if (!seen.over) {
  console.error(refusal ?? 'The server gave no answer.')
  process.exitCode = 1
}
