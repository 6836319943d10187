import type { JobQuery, JobStore, Page, StoredJob } from '@headway/core'
import { describe, expect, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { claimOne, createJob, finishedJob, uniqueType } from './kit.js'

export function describeList(open: OpenStore): void {
  describe('listing jobs', () => {
    const store = useStore(open)

    async function idsOf(jobs: JobStore, query: JobQuery): Promise<readonly string[]> {
      return (await jobs.list(query)).items.map(({ id }) => id)
    }
    async function several(jobs: JobStore, type: string, count: number): Promise<string[]> {
      const ids: string[] = []
      for (let i = 0; i < count; i++) ids.push((await createJob(jobs, type)).id)
      return ids
    }

    test('newest first, page after page, without gap or repeat while new jobs come', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const ids = await several(jobs, type, 7)
      const listed: string[] = []
      for (let cursor: { readonly cursor?: string } | undefined = {}; cursor !== undefined;) {
        const page: Page<StoredJob> = await jobs.list({ types: [type], limit: 3, ...cursor })
        expect(page.items.length).toBeLessThanOrEqual(3)
        listed.push(...page.items.map(({ id }) => id))
        cursor = page.nextCursor === null ? undefined : { cursor: page.nextCursor }
        await createJob(jobs, type)
      }
      expect(listed).toEqual(ids.toReversed())
    })

    test('the last page says so, even when it is full', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      await several(jobs, type, 3)
      expect((await jobs.list({ types: [type], limit: 3 })).nextCursor).toBeNull()
      expect((await jobs.list({ types: [type], limit: 2 })).nextCursor).not.toBeNull()
      expect(await jobs.list({ types: [uniqueType()], limit: 3 })).toEqual({ items: [], nextCursor: null })
    })

    test('jobs are listed as they are got', async () => {
      const { jobs } = store().stores
      const { id, type } = await finishedJob(jobs, uniqueType())
      expect((await jobs.list({ types: [type], limit: 1 })).items).toEqual([await jobs.get(id)])
    })

    test('by type, by status, and by both', async () => {
      const { jobs } = store().stores
      const [a, b] = [uniqueType(), uniqueType()]
      const done = await finishedJob(jobs, a)
      const [queued] = await several(jobs, b, 1)
      await several(jobs, a, 1)
      const running = await claimOne(jobs, a)
      const types = [a, b]
      expect(await idsOf(jobs, { types, limit: 9 })).toEqual([running.job.id, queued, done.id])
      expect(await idsOf(jobs, { types: [a], limit: 9 })).toEqual([running.job.id, done.id])
      expect(await idsOf(jobs, { types, statuses: ['queued'], limit: 9 })).toEqual([queued])
      expect(await idsOf(jobs, { types, statuses: ['running', 'completed'], limit: 9 })).toEqual([running.job.id, done.id])
      expect(await idsOf(jobs, { types: [b], statuses: ['completed'], limit: 9 })).toEqual([])
      expect(await idsOf(jobs, { types: [], limit: 9 })).toEqual([])
    })

    test('by parent', async () => {
      const { jobs } = store().stores
      const parent = await createJob(jobs, uniqueType())
      const children = [
        await createJob(jobs, uniqueType(), { parentId: parent.id }),
        await createJob(jobs, uniqueType(), { parentId: parent.id }),
      ]
      expect(await idsOf(jobs, { parentId: parent.id, limit: 9 })).toEqual(children.map(({ id }) => id).toReversed())
      const [first] = children
      expect(await idsOf(jobs, { parentId: parent.id, types: [first?.type ?? ''], limit: 9 })).toEqual([first?.id])
    })

    test('by a piece of the id, the type or the input, letter by letter', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      const percent = await createJob(jobs, type, { input: { path: '100%_of\\all', name: 'x' } })
      const other = await createJob(jobs, type, { input: { path: '100 of all', name: 'Grüße' } })
      const find = async (text: string): Promise<readonly string[]> => idsOf(jobs, { types: [type], text, limit: 9 })
      expect(await find('0%_o')).toEqual([percent.id])
      expect(await find('0 o')).toEqual([other.id])
      expect(await find('Grüße')).toEqual([other.id])
      expect(await find(percent.id.slice(3, 20))).toEqual([percent.id])
      expect(await find(type.slice(2))).toEqual([other.id, percent.id])
      expect(await find('nowhere to be found')).toEqual([])
    })

    test('by the time of creation: from one time on, up to another', async () => {
      const { stores, advance } = store()
      const { jobs } = stores
      const type = uniqueType()
      const made: StoredJob[] = []
      for (let i = 0; i < 6; i++) {
        made.push(await createJob(jobs, i % 2 === 0 ? type : uniqueType()))
        await advance(1_000)
      }
      const at = (index: number, ms = 0): Date => new Date(Date.parse(made[index]?.createdAt ?? '') + ms)
      const find = async (query: Omit<JobQuery, 'limit'>): Promise<number[]> =>
        (await idsOf(jobs, { ...query, limit: 99 })).map((id) => made.findIndex((job) => job.id === id))
      expect(await find({ createdAfter: at(2) })).toEqual([5, 4, 3, 2])
      expect(await find({ createdAfter: at(2, 1) })).toEqual([5, 4, 3])
      expect(await find({ createdAfter: at(2), createdBefore: at(4) })).toEqual([3, 2])
      expect(await find({ createdAfter: at(0), createdBefore: at(4, 1), types: [type] })).toEqual([4, 2, 0])
      expect(await find({ createdAfter: at(1), statuses: ['queued'], types: [type] })).toEqual([4, 2])
      expect(await find({ createdAfter: at(5, 1) })).toEqual([])
      expect(await find({ createdBefore: new Date(0) })).toEqual([])
      expect(await find({ createdAfter: at(3), createdBefore: at(3) })).toEqual([])
      const query = { createdAfter: at(1), createdBefore: at(5), limit: 3 }
      const page = await jobs.list(query)
      expect(page.items.map(({ id }) => id)).toEqual([made[4]?.id, made[3]?.id, made[2]?.id])
      const cursor = page.nextCursor ?? ''
      expect(await jobs.list({ ...query, cursor })).toEqual({ items: [made[1]], nextCursor: null })
      await expect(jobs.list({ ...query, createdAfter: at(0), cursor })).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
    })

    test('any text can be looked for', async () => {
      const { jobs } = store().stores
      const { type } = await createJob(jobs, uniqueType())
      for (const text of ['\0', '\ud800', "'", '\\', '%', '\u{1f600}']) {
        expect(await jobs.list({ types: [type], text, limit: 1 })).toEqual({ items: [], nextCursor: null })
      }
      expect(await jobs.list({ types: ['\0'], limit: 1 })).toEqual({ items: [], nextCursor: null })
    })

    test('a cursor that no list gave, or one of another list, is refused', async () => {
      const { jobs } = store().stores
      const type = uniqueType()
      await several(jobs, type, 3)
      const { nextCursor } = await jobs.list({ types: [type], limit: 1 })
      if (nextCursor === null) throw new Error('There is no further page.')
      expect(nextCursor).toMatch(/^[A-Za-z0-9._~-]+$/)
      for (const cursor of ['', 'nonsense', '-1', '{}', nextCursor.slice(1), `${nextCursor}x`, '🙈', "' or 1=1 --"]) {
        await expect(jobs.list({ types: [type], limit: 1, cursor })).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
      }
      await expect(jobs.list({ types: ['another'], limit: 1, cursor: nextCursor })).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
      const tooLarge = Buffer.from(nextCursor, 'base64url').toString().replace(/^\d+/, '9'.repeat(19))
      const cursor = Buffer.from(tooLarge).toString('base64url')
      await expect(jobs.list({ types: [type], limit: 1, cursor })).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
    })
  })
}
