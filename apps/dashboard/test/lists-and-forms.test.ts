import type { Job } from '@headway/protocol'
import type { RJSFSchema } from '@rjsf/utils'
import { describe, expect, test } from 'vitest'
import { addressOf, isQueryOf, newestPage, pageAt, parseFilters, queryOf } from '../src/jobs/filters.js'
import { lost, nextLost, refreshed, shown, updated } from '../src/jobs/steady-list.js'
import { readConfiguration } from '../src/new-job/compile/read-configuration.js'
import { mistakesIn } from '../src/new-job/schema/validator.js'
import { withFiles } from '../src/new-job/upload/with-files.js'

const job = (n: number, status: Job['status'] = 'running'): Job =>
  ({ id: `job-${n}`, status, createdAt: new Date(n * 1000).toISOString() }) as Job
const page = (...jobs: Job[]) => ({ jobs, nextCursor: null })
const idsOf = (jobs: readonly Job[]) => jobs.map(({ id }) => id)

describe('the list of jobs', () => {
  test('holds still while new jobs come, and takes them when it is asked to', () => {
    const before = shown(page(job(3), job(2), job(1)))
    const fetched = page(job(5), job(4), job(3, 'completed'))
    const after = refreshed(before, fetched)
    expect(idsOf(after.jobs)).toEqual(['job-3', 'job-2', 'job-1'])
    expect([after.jobs[0]?.status, after.waiting, after.more]).toEqual(['completed', 2, false])
    expect(lost(after, fetched)).toEqual(['job-2', 'job-1'])
    expect(updated(after, [job(2, 'failed')]).jobs.map(({ status }) => status)).toEqual(['completed', 'failed', 'running'])
    expect(refreshed(after, page(job(9), job(8), job(7)))).toMatchObject({ waiting: 3, more: true })
    expect(refreshed(shown(page()), page(job(1)))).toMatchObject({ waiting: 0, jobs: [{ id: 'job-1' }] })
    expect(shown(fetched)).toMatchObject({ waiting: 0, jobs: fetched.jobs })
  })

  test('asks for a few of the jobs that went out of it at a time, each in its turn', () => {
    const ids = Array.from({ length: 25 }, (_, index) => `job-${index}`)
    const askedAt = new Map<string, number>()
    const asked = [1, 2, 3].flatMap((now) => nextLost(ids, askedAt, now))
    expect(asked.slice(0, 25)).toEqual(ids)
    expect(asked.slice(25)).toEqual(ids.slice(0, 5))
  })

  test('keeps its filters in the address, and leaves out what it does not know', () => {
    const address = '/jobs?type=a,b&status=failed,running&text=x+%26+y&since=1h'
    const filters = parseFilters(address.split('?')[1] ?? '')
    expect(filters).toMatchObject({ types: ['a', 'b'], statuses: ['running', 'failed'], text: 'x & y', since: '1h' })
    expect(addressOf(filters)).toBe('/jobs?type=a,b&status=running,failed&text=x+%26+y&since=1h')
    expect(queryOf(filters, 7_200_000, 50)).toEqual({
      limit: 50,
      type: ['a', 'b'],
      status: ['running', 'failed'],
      text: 'x & y',
      createdAfter: new Date(3_600_000),
    })
    const older = parseFilters(addressOf(pageAt(filters, 'c', 7_200_000)).split('?')[1] ?? '')
    expect(queryOf(older, Date.parse(older.at ?? ''), 50)).toMatchObject({ createdAfter: new Date(3_600_000), cursor: 'c' })
    expect(newestPage(older)).toEqual(filters)
    expect(addressOf(parseFilters('status=gone&since=ever&from=never'))).toBe('/jobs')
    expect(addressOf(parseFilters('type=,%20&status=constructor&since=toString'))).toBe('/jobs')
    for (const query of ['status=gone&type=a', 'since=toString', 'any=thing']) expect(isQueryOf(query, parseFilters(query))).toBe(false)
    for (const query of ['', 'type=a,b', 'type=a%2Cb&text=x+%26+y']) expect(isQueryOf(query, parseFilters(query))).toBe(true)
  })
})

describe('forms', () => {
  const schema: RJSFSchema = {
    type: 'object',
    required: ['version'],
    properties: { version: { type: 'string', pattern: '^v[0-9]+$' }, rate: { type: 'integer', minimum: 0 }, of: { $ref: '#/$defs/of' } },
    $defs: { of: { type: 'array', items: { enum: ['a', 'b'] } } },
    unevaluatedProperties: false,
  }

  test('say of each field once what is wrong with it', () => {
    expect(mistakesIn({ version: 'v1', rate: 3, of: ['a'] }, schema)).toEqual([])
    expect(mistakesIn({ rate: -1, of: ['a', 'c'], 'x/y': 1 }, schema)).toEqual([
      { pointer: '/version', message: 'is needed' },
      { pointer: '/rate', message: 'must be 0 or more' },
      { pointer: '/of/1', message: 'must be one of a, b' },
      { pointer: '/x~1y', message: 'is not known here' },
    ])
    expect(mistakesIn({ version: '885' }, schema)).toEqual([{ pointer: '/version', message: 'must fit the pattern ^v[0-9]+$' }])
  })

  test('tell the line of a mistake in a configuration', async () => {
    const ofConfiguration: RJSFSchema = { type: 'object', properties: { configuration: { type: 'object', required: ['name'] } } }
    const whole = await readConfiguration('{"configuration":\n  {"sources": []}}', ofConfiguration)
    expect(whole.mistakes).toEqual([{ pointer: '/configuration/name', message: 'is needed', line: 2 }])
    const inner = await readConfiguration('name: x\nsources:\n  - source: a\n', ofConfiguration)
    expect(inner.mistakes).toEqual([])
    expect(inner.input).toEqual({ configuration: { name: 'x', sources: [{ source: 'a' }] } })
    expect(inner.place([{ pointer: '/configuration/sources/0/source', message: 'no' }])).toMatchObject([{ line: 3 }])
    expect((await readConfiguration('a: [1', ofConfiguration)).mistakes[0]?.line).toBe(1)
  })

  test('take files as the type says, and tell what is left out', () => {
    const rules = { accept: ['.csv', 'image/png'], maxFiles: 2, maxBytes: 10 }
    const file = (name: string, size: number, type = '') => new File(['x'.repeat(size)], name, { type, lastModified: 1 })
    const [csv, png, exe, large] = [file('A.CSV', 3), file('b', 3, 'image/png'), file('c.exe', 3), file('d.csv', 11)]
    expect(withFiles([], [csv, png, exe, large], rules)).toEqual({
      files: [csv, png],
      complaints: ['c.exe is not of a kind that is taken.', 'd.csv has 11 B; 10 B are taken.'],
    })
    expect(withFiles([csv], [csv, png, file('e.csv', 1)], rules)).toMatchObject({ files: [csv, png], complaints: [expect.any(String)] })
    expect(withFiles([csv], [png], { ...rules, maxFiles: 1 }).files).toEqual([png])
  })
})
