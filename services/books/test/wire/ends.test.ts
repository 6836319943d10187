import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { heldBatch, KNOWN, startHeld } from '../support/held.js'
import { talkTo } from '../support/socket.js'
import { eventsOf } from '../support/sse.js'
import { csvForm, start, textsOf } from '../support/start.js'

const FIGURES = { processedCount: KNOWN.length, totalCount: KNOWN.length + 1, startedAt: expect.any(String) }

test('a job that is cancelled says how far it came, over every transport', async () => {
  const running = await startHeld(onTestFinished)
  const { jobId, authToken, websocketUrl } = await heldBatch(running)
  const { say, hear, end } = await talkTo(websocketUrl, authToken)
  onTestFinished(end)
  say({ type: 'ready' })
  for (const _ of KNOWN) await hear('progress')
  say({ type: 'cancel' })
  expect(await hear('canceled')).toMatchObject(FIGURES)
  const stream = await running.ask(`/v3/jobs/enrichment/${jobId}/stream`, { token: authToken })
  const [, last = ''] = /event: canceled\n(?:id: .*\n)?data: (.*)/.exec(await stream.text()) ?? []
  expect(JSON.parse(last)).toMatchObject({ ...FIGURES, progress: expect.closeTo(KNOWN.length / (KNOWN.length + 1), 3) })
  const { data } = await running.json(`/v3/jobs/enrichment/${jobId}`)
  expect(data).toMatchObject({ processedCount: KNOWN.length, totalCount: KNOWN.length + 1 })
})

test('a job that is completed says when it began, as its books did', async () => {
  const { json } = await start()
  const { streamUrl } = textsOf((await json('/v3/jobs/imports', { body: csvForm('Title\nEmma\n') })).data, 'streamUrl')
  const [progress, completed] = await eventsOf(streamUrl)
  expect(completed).toMatchObject({ event: 'completed', data: { startedAt: progress?.data['startedAt'] } })
})

test('what is wrong inside the server is nobody else’s business', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headway-books-'))
  await writeFile(join(folder, 'catalog.sqlite'), 'This is no catalog. '.repeat(1000))
  const { json } = await start({ folder })
  const { jobId, streamUrl } = textsOf((await json('/v3/jobs/imports', { body: csvForm('Title\nEmma\n') })).data, 'jobId', 'streamUrl')
  const [failed] = await eventsOf(streamUrl)
  expect(failed?.event).toBe('failed')
  const status = await json(`/v3/jobs/imports/${jobId}`)
  expect(status.data).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('log') } })
  for (const told of [failed, status]) expect(JSON.stringify(told)).not.toContain(folder)
})
