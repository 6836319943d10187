import { expect, it } from 'vitest'
import { eventsOf } from '../support/sse.js'
import { csvForm, start, textsOf } from '../support/start.js'

it('an upload that is run again when its file went with the first job says so', async () => {
  const { json, engine } = await start()
  const { data } = await json('/v3/jobs/imports', { body: csvForm('Title,Author\nEmma,Jane Austen\n') })
  const { jobId, streamUrl } = textsOf(data, 'jobId', 'streamUrl')
  expect((await eventsOf(streamUrl)).at(-1)?.event).toBe('completed')
  const again = await engine.retry(jobId)
  const nobody = new AbortController().signal
  expect((await engine.finished(again.job.id, nobody)).status).toBe('completed')

  // As when the first job is pruned.
  await engine.stores.blobs.deleteAll(jobId)
  const late = await engine.retry(jobId)
  await engine.finished(late.job.id, nobody)
  expect(await json(`/v3/jobs/imports/${late.job.id}`)).toMatchObject({
    data: { status: 'failed', error: { code: 'UPLOAD_GONE', message: expect.stringContaining('Send it again'), retryable: false } },
  })
})
