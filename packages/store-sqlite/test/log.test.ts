import { LogEvent } from '@headway/core'
import { describe, expect, test } from 'vitest'
import { newJob, runningJob, useFolders } from './support.js'

describe('lines of the log', () => {
  const { folder, open } = useFolders()

  test('events that the store writes look like those of the engine', async () => {
    const { jobs } = await open({ folder: await folder() })
    const claim = await runningJob(jobs, { input: { 'key"': ['ä\n', null] }, retryOf: newJob().id })
    const log = await jobs.read(claim.job.id, { after: 0, maxEvents: 10, maxBytes: 100_000 })
    expect(log?.events.map(({ type }) => type)).toEqual(['created', 'claimed'])
    for (const { seq, at, type, data, line } of log?.events ?? [])
      expect(line).toBe(LogEvent.encode(seq, at, type, JSON.stringify(data)).line)
  })
})
