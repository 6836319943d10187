import { describe, expect, it } from 'vitest'
import { csvForm, start, textsOf } from '../support/start.js'
import { eventsOf } from '../support/sse.js'

const CSV = `Title,Author,ISBN13,My Rating
The Fellowship of the Ring,J.R.R. Tolkien,9780261103573,5
Broken ISBN,Somebody,9780261103574,4
The Fellowship of the Ring,J.R.R. Tolkien,9780261103573,3
,,,2
`

describe('an import over V2', () => {
  it('streams a progress for every row, then the books', async () => {
    const { json, ask } = await start()
    const created = await json('/api/v2/imports', { body: csvForm(CSV) })
    const { jobId, authToken, sseUrl, statusUrl } = textsOf(created.data, 'jobId', 'authToken', 'sseUrl', 'statusUrl')
    expect(created).toMatchObject({ success: true, metadata: { requestId: expect.any(String) } })
    expect(sseUrl).toContain(`/api/v2/imports/${jobId}/stream?ticket=`)

    const events = await eventsOf(sseUrl)
    expect(events.map(({ event }) => event)).toEqual(['progress', 'progress', 'progress', 'progress', 'completed'])
    expect(events.at(0)?.data).toMatchObject({ jobId, status: 'processing', progress: 0.25, processedCount: 1, totalCount: 4, row: 2 })
    expect(events.at(2)?.data).toMatchObject({ outcome: 'duplicate', duplicateOf: 2 })
    expect(events.at(3)?.data).toMatchObject({ outcome: 'failed', currentBook: { title: 'Row 5' } })
    const last = events.at(4)?.data as { books: { isbn: string; title: string }[] }
    expect(last).toMatchObject({ status: 'completed', progress: 1, processedCount: 4, totalCount: 4, found: 2 })
    expect(last).toMatchObject({ counts: { rows: 4, imported: 2, duplicates: 1, failed: 1, blank: 0 } })
    expect(last.books.map(({ title, isbn }) => [title, isbn])).toEqual([
      ['The Fellowship of the Ring', '9780261103573'],
      ['Broken ISBN', ''],
    ])

    expect(await (await fetch(statusUrl)).json()).toMatchObject({ data: { status: 'completed', progress: 1, type: 'csv_import' } })
    const results = await json(`/v3/jobs/imports/${jobId}/results`, { token: authToken })
    expect(results.data).toMatchObject({ counts: { rows: 4, imported: 2, duplicates: 1, failed: 1, blank: 0 } })
    const failed = await (await ask(`/v3/jobs/imports/${jobId}/results/failed.csv`, { token: authToken })).text()
    expect(failed).toContain('missing_title_and_isbn')
  })

  it('goes on behind the event that a client has', async () => {
    const { json } = await start()
    const { data } = await json('/api/v2/imports', { body: csvForm(CSV) })
    const { sseUrl } = textsOf(data, 'sseUrl')
    const all = await eventsOf(sseUrl)
    const rest = await eventsOf(sseUrl, { 'Last-Event-ID': all.at(1)?.id ?? '' })
    expect(rest).toEqual(all.slice(2))
  })
})

describe('a file without any row', () => {
  it.each([
    ['columns that are known', 'Title,Author\n'],
    ['columns that nobody knows', 'a,b,c\n\n'],
  ])('is an import of no books: %s', async (_, text) => {
    const { json } = await start()
    const { streamUrl, jobId, token } = textsOf(
      (await json('/v3/jobs/imports', { body: csvForm(text) })).data,
      'streamUrl',
      'jobId',
      'token',
    )
    expect((await eventsOf(streamUrl)).at(-1)).toMatchObject({ event: 'completed', data: { books: [], found: 0 } })
    const { data } = await json(`/v3/jobs/imports/${jobId}/results`, { token })
    expect(data).toMatchObject({ results: [], errors: [{ code: 'no_rows' }] })
  })
})

describe('a file that is none', () => {
  it.each([
    ['0 bytes', '', 'EMPTY_FILE', 400],
    ['a PDF', '%PDF-1.7 and more', 'VALIDATION_ERROR', 400],
    ['a workbook', 'PK\u0003\u0004 and more', 'VALIDATION_ERROR', 400],
    ['8 MiB and a byte', 'a'.repeat(8 * 1024 * 1024 + 1), 'FILE_TOO_LARGE', 413],
  ])('is refused: %s', async (_, text, code, status) => {
    const { ask } = await start()
    const answer = await ask('/v3/jobs/imports', { body: csvForm(text) })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ success: false, error: { code } })
  })

  it('fails the job where it takes reading: too many rows', async () => {
    const { json } = await start({ maxRows: 2 })
    const { data } = await json('/v3/jobs/imports', { body: csvForm(CSV) })
    const { streamUrl } = textsOf(data, 'streamUrl')
    const [failed] = await eventsOf(streamUrl)
    expect(failed).toMatchObject({ event: 'failed', data: { status: 'failed', error: { code: 'TOO_MANY_ROWS', retryable: false } } })
  })
})
