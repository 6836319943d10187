import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { csvForm, start } from '../support/start.js'
import { breakOff, filePart, formBody, rawPost } from './support/raw-post.js'

const PATH = '/v3/jobs/imports'
const MIB = 1024 * 1024
const CSV = 'Title,Author\nDune,Frank Herbert\n'

const server = onceForTests((atEnd) => start({ atEnd }))

/** Every file that the server keeps of uploads. */
async function keptFiles(): Promise<string[]> {
  const entries = await readdir(join(server().folder, 'data/blobs'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

const post = (body: Iterable<Buffer>, options = {}) => rawPost(server().url, PATH, body, options)

describe('too much', () => {
  function* endless(): Generator<Buffer> {
    yield Buffer.concat([Buffer.from('--x\r\n'), filePart('Title\n')])
    const line = Buffer.from('A book without an end\n'.repeat(3000))
    for (;;) yield line
  }

  test.each([
    ['of a stated length', { contentLength: 100 * MIB }],
    ['in chunks', {}],
  ])('a file over 8 MiB is refused while it is read: %s', async (_, options) => {
    const { status, body, sent } = await post(endless(), options)
    expect(status).toBe(413)
    expect(body).toMatchObject({ success: false, error: { code: 'FILE_TOO_LARGE' } })
    // What lay in the buffers of the connection comes on top.
    expect(sent).toBeGreaterThan(8 * MIB)
    expect(sent).toBeLessThan(24 * MIB)
    expect(await keptFiles()).toEqual([])
  })

  test('fetch hears of it, too, however much it wanted to send', async () => {
    const answer = await fetch(`${server().url}${PATH}`, { method: 'POST', body: csvForm('x'.repeat(100 * MIB)) })
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ error: { code: 'FILE_TOO_LARGE' } })
  })

  test.each([
    ['behind the last part', () => [...formBody([filePart(CSV)])], Buffer.from('more and more\r\n'.repeat(4096))],
    [
      'a field',
      () => [Buffer.from('--x\r\nContent-Disposition: form-data; name="mapping"\r\n\r\n')],
      Buffer.from('more and more '.repeat(4096)),
    ],
    ['parts without a name', () => [], Buffer.from('--x\r\nContent-Type: text/plain\r\n\r\nvalue\r\n'.repeat(1000))],
  ])('that is no file: %s', async (_, begin, rest) => {
    function* body(): Generator<Buffer> {
      yield* begin()
      for (let bytes = 0; bytes < 100 * MIB; bytes += rest.length) yield rest
    }
    const { status, body: answer, sent } = await post(body())
    expect([400, 413]).toContain(status)
    expect(answer.success).toBe(false)
    expect(sent).toBeLessThan(24 * MIB)
    expect(await keptFiles()).toEqual([])
  })

  test('a field of 1 MB', async () => {
    const { status, body } = await post(
      formBody([`Content-Disposition: form-data; name="mapping"\r\n\r\n${'x'.repeat(MIB)}`, filePart(CSV)]),
    )
    expect(status).toBe(400)
    expect(body.error.code).toBe('VALIDATION_ERROR')
  })

  test('a part with a name of 1 MB', async () => {
    const { status, body } = await post(formBody([filePart(CSV, 'n'.repeat(MIB))]))
    expect(status).toBe(400)
    expect(body.error.code).toBe('VALIDATION_ERROR')
  })

  test('1,000 parts', async () => {
    const parts = Array.from({ length: 1000 }, (_, index) => `Content-Disposition: form-data; name="field${index}"\r\n\r\nvalue`)
    const { status, body } = await post(formBody([...parts, filePart(CSV)]))
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: 'VALIDATION_ERROR', message: expect.stringContaining('parts') })
    expect(await keptFiles()).toEqual([])
  })
})

describe('no form', () => {
  test.each([
    ['the CSV itself', [Buffer.from(CSV)], 'text/csv'],
    ['JSON', [Buffer.from('{"file":"Title"}')], 'application/json'],
    ['a form without a boundary', [Buffer.from(CSV)], 'multipart/form-data'],
    ['a boundary that never ends', [Buffer.from(`--${'x'.repeat(MIB)}`)], 'multipart/form-data; boundary=x'],
    ['a boundary with a quote', [Buffer.from('--a"b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--a"b--\r\n')], 'text/csv'],
    ['a boundary with a backslash', [Buffer.from('--a\\\r\n\r\nx\r\n--a\\--\r\n')], 'text/csv'],
    ['a boundary of other letters', [Buffer.from('--gr\u00fcn\r\n\r\nx\r\n--gr\u00fcn--\r\n')], 'text/csv'],
    ['two hyphens', [Buffer.from('--')], 'multipart/form-data; boundary=x'],
  ])('%s', async (_, pieces, contentType) => {
    const { status, body } = await post(pieces, { contentType })
    expect(status).toBe(415)
    expect(body).toMatchObject({ success: false, error: { code: 'UNSUPPORTED_MEDIA_TYPE', message: expect.stringContaining('"file"') } })
  })

  test('nothing at all', async () => {
    for (const contentType of ['multipart/form-data; boundary=x', 'application/json']) {
      const { status, body } = await post([], { contentType })
      expect(status).toBe(400)
      expect(body).toMatchObject({ success: false, error: { code: 'VALIDATION_ERROR', message: expect.stringContaining('no body') } })
    }
    expect((await server().ask(PATH, { method: 'POST' })).status).toBe(400)
  })

  test('no file', async () => {
    const { status, body } = await post(formBody(['Content-Disposition: form-data; name="mapping"\r\n\r\n{}']))
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: 'VALIDATION_ERROR', message: expect.stringContaining('"file"') })
  })

  test('another field name', async () => {
    const { status, body } = await post(formBody([filePart(CSV, 'library')]))
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: 'VALIDATION_ERROR', message: expect.stringContaining('"library"') })
    expect(await keptFiles()).toEqual([])
  })

  test('two files', async () => {
    const { status, body } = await post(formBody([filePart(CSV), filePart(CSV)]))
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: 'VALIDATION_ERROR', message: expect.stringContaining('1 file') })
    expect(await keptFiles()).toEqual([])
  })

  test.each([
    ['a mapping that is no JSON', '{title'],
    ['a mapping of numbers', '{"title": 1}'],
    ['a mapping that is a list', '["title"]'],
  ])('%s', async (_, mapping) => {
    const answer = await server().json(PATH, { body: csvForm(CSV, { mapping }) })
    expect(answer).toMatchObject({ success: false, error: { code: 'VALIDATION_ERROR', fields: [{ pointer: '/mapping' }] } })
  })
})

test('a PDF that comes byte by byte is one all the same', async () => {
  const body = Buffer.concat([...formBody([filePart('%PDF-1.7 and more')])])
  const { status, body: answer } = await post(Array.from({ length: body.length }, (_, at) => body.subarray(at, at + 1)))
  expect(status).toBe(400)
  expect(answer.error.message).toContain('PDF')
})

describe('half a form', () => {
  test.each([
    ['it ends in the middle of a file', [Buffer.concat([Buffer.from('--x\r\n'), filePart(CSV)])]],
    ['it ends in the header of a part', [Buffer.from('--x\r\nContent-Disposition: form-data; name="fi')]],
    ['it ends after the first boundary', [Buffer.from('--x\r\n')]],
  ])('%s', async (_, pieces) => {
    const { status, body } = await post(pieces)
    expect(status).toBe(400)
    expect(body.error.code).toBe('VALIDATION_ERROR')
    expect(await keptFiles()).toEqual([])
  })

  test('a connection that breaks leaves nothing, and the server goes on', async () => {
    await breakOff(server().url, PATH, Buffer.concat([Buffer.from('--x\r\n'), filePart(CSV.repeat(10_000))]), 5 * MIB)
    await expect.poll(keptFiles).toEqual([])
    expect((await server().ask(PATH, { body: csvForm(CSV) })).status).toBe(202)
  })
})

test('a job that was made keeps its file, whatever goes wrong behind it', async () => {
  const { engine, ask } = await start()
  const create = engine.create.bind(engine)
  vi.spyOn(engine, 'create').mockImplementation(async (...args) => {
    await create(...args)
    throw new Error('The answer of the store was lost.')
  })
  expect((await ask(PATH, { body: csvForm(CSV) })).status).toBe(500)
  const [job] = (await engine.list({ limit: 1 })).items
  if (job === undefined) throw new Error('There is no job.')
  await expect.poll(async () => (await engine.get(job.id)).status).toBe('completed')
})
