import { StoreError } from '@headway/core'
import type { Claim, JobStore } from '@headway/core'
import { describe, expect, test } from 'vitest'
import { appendOf, denseUpTo, newJob, runningJob, seqsOf, useFolders } from './support.js'

const MAX_BYTES = 1024 * 1024
const TEXT = 'x'.repeat(20_000)
/** So few characters still need a page of their own. */
const SHORT = 4_000

describe('a database without room', () => {
  const { folder, open } = useFolders()

  /** Appends until nothing fits, not even what is short; gives the head. */
  async function fill(jobs: JobStore, claim: Claim): Promise<number> {
    let head = claim.job.head
    for (const text of [TEXT, TEXT.slice(0, SHORT)]) {
      for (let isFull = false; !isFull;) {
        const outcome = await jobs.append([appendOf(claim, head, 2, text)]).catch((error: unknown) => error)
        isFull = outcome instanceof StoreError
        if (isFull) expect(outcome).toMatchObject({ code: 'full' })
        else expect(outcome).toEqual([{ ok: true }])
        if (!isFull) head += 2
      }
    }
    return head
  }

  test('refuses with the code full, writes nothing by halves, and goes on when there is room', async () => {
    const { jobs, keyValues, check } = await open({ folder: await folder(), maxBytes: MAX_BYTES })
    const ended = await runningJob(jobs)
    await jobs.append([appendOf(ended, 2, 10, TEXT)])
    await jobs.append([{ ...appendOf(ended, 12, 0), state: { status: 'completed' } }])
    const claim = await runningJob(jobs)
    const head = await fill(jobs, claim)

    expect(await jobs.get(claim.job.id)).toMatchObject({ head, status: 'running' })
    expect(await seqsOf(jobs, claim.job.id)).toEqual(denseUpTo(head))
    await expect(jobs.create([newJob({ input: TEXT })])).rejects.toMatchObject({ code: 'full' })
    await expect(keyValues.set('key', TEXT)).rejects.toMatchObject({ code: 'full' })
    await expect(check()).rejects.toMatchObject({ code: 'full' })
    expect(await keyValues.get('key')).toBeUndefined()

    await jobs.sweep({ limit: 10, retention: { default: { maxFinished: 0 } }, watched: [], watchedGraceMs: 0 })
    await check()
    expect(await jobs.append([appendOf(claim, head, 2, TEXT)])).toEqual([{ ok: true }])
    expect(await seqsOf(jobs, claim.job.id)).toEqual(denseUpTo(head + 2))
  })

  test('what does not fit does not keep what fits from being committed beside it', async () => {
    const { jobs, keyValues } = await open({ folder: await folder(), maxBytes: MAX_BYTES })
    await keyValues.set('counter', 0)
    const claim = await runningJob(jobs)
    const results = await Promise.allSettled([
      keyValues.increment('counter', 1),
      keyValues.set('huge', 'x'.repeat(MAX_BYTES)),
      jobs.append([appendOf(claim, 2, 1)]),
      jobs.append([appendOf(claim, 2, 100, TEXT)]),
      keyValues.increment('counter', 1),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
    expect((await keyValues.get('counter'))?.value).toBe(2)
    expect(await keyValues.get('huge')).toBeUndefined()
    expect(await seqsOf(jobs, claim.job.id)).toEqual([1, 2, 3])
  })
})
