import { describe, expect, it } from 'vitest'
import type { BlobRef } from '@headway/core'
import type { Dialect } from '@headway/server'
import { openHarness } from './support/harness.js'
import type { Harness } from './support/harness.js'

/** Every kind of message that there is. */
const dialect: Dialect = {
  name: 'every-kind',
  preamble: (job) => [{ event: 'hello', body: JSON.stringify({ status: job.status }) }],
  encode(event) {
    if (event.type === 'lines') return [{ event: 'text', body: event.data as string }]
    if (event.type === 'blob')
      return [{ event: 'blob', body: { prefix: '{"rules":[\n', blob: event.data as unknown as BlobRef, suffix: '\r\n]}' } }]
    return event.type === 'completed' ? [{ event: 'end', body: '{}' }] : []
  },
  reset: (reset) => [{ event: 'reset', body: JSON.stringify(reset) }],
}

async function textOf(harness: Harness, id: string, after = 0): Promise<string> {
  const answer = await fetch(`${harness.url}/sse/${id}?after=${after}`)
  return await answer.text()
}

describe('a dialect over SSE', () => {
  it('names its messages, and begins with what belongs to the connection, without an id', async () => {
    const harness = await openHarness({ sse: { dialect } })
    const job = await harness.drive()
    await job.finish()
    expect(await textOf(harness, job.id)).toBe(
      'retry: 2000\n\nevent: hello\ndata: {"status":"completed"}\n\nid: 3\nevent: end\ndata: {}\n\n',
    )
  })

  it('says a reset without an id', async () => {
    const harness = await openHarness({ sse: { dialect } })
    const job = await harness.drive()
    await job.finish()
    expect(await textOf(harness, job.id, 9)).toContain(
      'event: reset\ndata: {"type":"reset","reason":"ahead","after":0,"head":3}\n\nid: 3\n',
    )
  })

  it('makes a line of data of every line, whatever ends it', async () => {
    const harness = await openHarness({ sse: { dialect } })
    const job = await harness.drive()
    await job.emit('lines', 'one\ntwo\rthree\r\nfour\n\rlast\n')
    await job.finish()
    expect(await textOf(harness, job.id)).toContain(
      'id: 3\nevent: text\ndata: one\ndata: two\ndata: three\ndata: four\ndata: \ndata: last\ndata: \n\n',
    )
  })

  it('streams a large body from its blob, between other messages', async () => {
    const harness = await openHarness({ sse: { dialect } })
    const job = await harness.drive()
    const rules = Array.from({ length: 40_000 }, (_, n) => `"||example${n}.org^"`).join(',\r\n')
    const blob = await harness.engine.stores.blobs.put(job.id, pieces(Buffer.from(rules)))
    await job.emit('lines', 'before')
    await job.emit('blob', { ...blob })
    await job.emit('lines', 'after')
    await job.finish()
    const expected = ['{"rules":[', ...rules.split('\r\n'), ']}'].map((line) => `data: ${line}\n`).join('')
    const text = await textOf(harness, job.id)
    const start = text.indexOf('id: 4\n')
    expect(text.slice(start, text.indexOf('id: 5\n'))).toBe(`id: 4\nevent: blob\n${expected}\n`)
    expect(text.slice(text.indexOf('id: 5\n'))).toBe('id: 5\nevent: text\ndata: after\n\nid: 6\nevent: end\ndata: {}\n\n')
  })

  it('breaks the connection off, without the end of the message, when the blob is not there', async () => {
    const harness = await openHarness({ sse: { dialect } })
    const job = await harness.drive()
    const blob = await harness.engine.stores.blobs.put(job.id, pieces(Buffer.from('1')))
    await harness.engine.stores.blobs.delete(blob)
    await job.emit('blob', { ...blob })
    await job.finish()
    await expect(textOf(harness, job.id)).rejects.toThrow()
    expect(harness.errors).toHaveLength(1)
  })
})

/** Cut where it hurts: between CR and LF, too. */
async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1021) yield bytes.subarray(at, at + 1021)
}
