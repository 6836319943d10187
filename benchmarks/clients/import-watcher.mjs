import { openAsBlob } from 'node:fs'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'

// One reader, who uploads a library and watches its import. It counts events by their names, and parses nothing.

const PROGRESS = Buffer.from('event: progress\n')

answerCalls({
  /** Gives the seconds from the first byte of the upload to the last of the stream, and how many events of rows came. */
  async import({ url, file }) {
    const form = new FormData()
    form.set('file', await openAsBlob(file), 'library.csv')
    const start = seconds()
    const created = await (await fetch(`${url}v3/jobs/imports`, { method: 'POST', body: form })).json()
    const stream = await fetch(created.data.streamUrl)
    let events = 0
    let rest = Buffer.alloc(0)
    let isCompleted = false
    for await (const chunk of stream.body) {
      const bytes = Buffer.concat([rest, chunk])
      let from = 0
      for (let found = bytes.indexOf(PROGRESS); found !== -1; found = bytes.indexOf(PROGRESS, from)) {
        events += 1
        from = found + PROGRESS.length
      }
      isCompleted ||= bytes.includes('event: completed\n')
      // What was counted is not looked at again.
      rest = bytes.subarray(Math.max(from, bytes.length - PROGRESS.length))
    }
    if (!isCompleted) throw new Error(`The stream ended after ${events} events.`)
    return { events, seconds: seconds() - start }
  },
})
