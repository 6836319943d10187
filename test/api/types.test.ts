import type { CreatedJob, JobTypeList } from '@headway/protocol'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { startDescribedServer } from './support/described-server.js'
import type { DescribedServer } from './support/described-server.js'

/** What a form of each type would send, and the path at which its own service then shows the job. */
const NATIVE = {
  'books-enrichment': {
    input: { books: [{ title: 'Emma', author: 'Jane Austen' }] },
    shown: '/v3/jobs/enrichment/ID/results',
    result: { total: 1, results: [{ query: { title: 'Emma' } }] },
  },
  'compile-filters': {
    input: {
      configuration: { name: 'List', sources: [{ source: 'ads.txt' }], transformations: ['Deduplicate'] },
      preFetchedContent: { 'ads.txt': '||ads.example^\n||ads.example^' },
    },
    shown: '/queue/results/ID',
    result: { rules: expect.arrayContaining(['||ads.example^']) as string[] },
  },
  'compile-filters-batch': {
    input: {
      requests: [
        {
          id: 'one',
          configuration: { name: 'List', sources: [{ source: 'ads.txt' }] },
          preFetchedContent: { 'ads.txt': '||ads.example^' },
        },
      ],
    },
    shown: '/queue/results/ID',
    result: { results: [{ id: 'one', result: { rules: expect.arrayContaining(['||ads.example^']) as string[] } }] },
  },
  print: { input: { version: 'v1' }, shown: '/api/tasks/ID/status', result: { success: true } },
} as const

test('every job type says how its jobs are made, and so they are', async () => {
  const server = await startDescribedServer()
  const { types } = (await server.ask('/types')).body as JobTypeList
  const names = types.map(({ name }) => name)
  expect(names).toEqual(names.toSorted())
  expect(names).toEqual(expect.arrayContaining([...Object.keys(NATIVE), 'books-import', 'books-scan', 'count', 'fail', 'wait']))
  for (const { name, service, pausable, input, create, description } of types) {
    expect([name, input === null]).toEqual([name, create.kind === 'upload'])
    if (service !== 'custom') expect([name, pausable]).toEqual([name, true])
    if (service === 'books' || service === 'filters') expect(description).toMatch(/^[A-Z]/)
    if (input === null || !(name in NATIVE)) continue
    const ajv = JSON.stringify(input).includes('draft-07') ? new Ajv({ strict: false }) : new Ajv2020({ strict: false })
    const check = ajv.compile(input)
    const sent = NATIVE[name as keyof typeof NATIVE]
    expect([name, check(sent.input), check.errors ?? []]).toEqual([name, true, []])
    expect([name, check({ requests: 1, books: 1, version: 1 })]).toEqual([name, false])
    // What only the service itself says is no field of a form.
    expect(JSON.stringify(input)).not.toMatch(/"seal"|"owner"|Blob"/)
    await createdNatively(server, name, sent)
  }
  await createdOfFile(server, types)
  expect((await server.ask('/types', { key: null })).status).toBe(401)
})

async function createdNatively(
  { ask }: DescribedServer,
  name: string,
  { input, shown, result }: (typeof NATIVE)[keyof typeof NATIVE],
): Promise<void> {
  const answer = await ask(`/jobs/${name}`, { json: input, headers: { Prefer: 'wait=30' } })
  const { job } = answer.body as CreatedJob
  expect([name, answer.status, job.status]).toEqual([name, 200, 'completed'])
  const inService = await ask(shown.replace('ID', job.id))
  expect([name, inService.status]).toEqual([name, 200])
  expect(inService.text).toMatch(/"success":true/)
  const { body, text } = await ask(`/jobs/${job.id}/result`)
  expect(body).toMatchObject(result)
  expect(text).not.toContain('"sha256"')
}

async function createdOfFile({ ask }: DescribedServer, types: JobTypeList['types']): Promise<void> {
  const uploads = types.flatMap(({ name, create }) => (create.kind === 'upload' ? [{ name, ...create }] : []))
  expect(uploads.map(({ name, field, maxFiles }) => ({ name, field, maxFiles }))).toEqual([
    { name: 'books-import', field: 'file', maxFiles: 1 },
    { name: 'books-scan', field: 'photos[]', maxFiles: 5 },
  ])
  const [csv] = uploads
  const form = new FormData()
  form.append(csv?.field ?? '', new File(['Title,Author\nEmma,Jane Austen\n'], 'books.csv', { type: 'text/csv' }))
  expect((await ask(csv?.path ?? '', { form })).status).toBe(202)
}
