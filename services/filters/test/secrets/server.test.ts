import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import type { Running } from '../support/start.js'
import { configurationOf, rulesOf, start } from '../support/start.js'
import { besidesSourceLines, SECRET, SECRET_CONFIGURATIONS, startSecretLists } from './support/secret-sources.js'

/** All that the native API tells of a job: itself, its log and its list in `/jobs`. */
async function toldOf(server: Running, id: string): Promise<string> {
  const paths = [`/jobs/${id}`, `/jobs/${id}/events`, '/jobs']
  const texts = await Promise.all(paths.map(async (path) => (await server.ask(path, { key: 'read' })).text()))
  const log: string[] = []
  for await (const page of server.engine.follow(id, { after: 0, signal: new AbortController().signal }))
    for (const { line } of page) log.push(line)
  return [...texts, ...log, JSON.stringify(await server.engine.get(id))].join('\n')
}

/** For tests that do not look at the server's folder: another server is half a second each. */
const shared = onceForTests((atEnd) => start({ atEnd }))

const idOf = (answer: Response): string => answer.headers.get('x-request-id') ?? ''

describe.each(SECRET_CONFIGURATIONS)('a secret in a source with %s', (_what, make) => {
  test('is in nothing that a server tells but the list', async () => {
    const server = shared()
    const configuration = make(await startSecretLists())
    const answer = await server.ask('/compile', { json: { configuration, benchmark: true } })
    const text = await answer.text()
    expect(besidesSourceLines(text)).not.toContain(SECRET)
    const batch = await server.ask('/compile/batch', { json: { requests: [{ id: 'one', configuration }] } })
    expect(besidesSourceLines(await batch.text())).not.toContain(SECRET)
    // What can never be compiled makes no job.
    if (answer.status !== 400) {
      expect(await toldOf(server, idOf(answer))).not.toContain(SECRET)
      expect(await toldOf(server, idOf(batch))).not.toContain(SECRET)
      const stream = await server.stream('/compile/stream', { json: { configuration } })
      await stream.ended
      expect(besidesSourceLines(JSON.stringify(stream.events))).not.toContain(SECRET)
    }
    expect(await (await server.ask('/metrics', { key: 'admin' })).text()).not.toContain(SECRET)
  })
})

describe('a configuration with secrets', () => {
  test('is compiled as it was sent, and again when its job is run again', async () => {
    const server = shared()
    const source = `http://bob:${SECRET}@${await startSecretLists()}/ok`
    const answer = await server.ask('/compile', { json: { configuration: configurationOf('N', source) } })
    const list = (await answer.json()) as { rules: string[] }
    expect(list.rules).toContain(`! Source: ${source}`)
    expect(rulesOf(list)).toEqual(['||a^'])
    const again = await server.ask(`/jobs/${idOf(answer)}/retry`, { method: 'POST', key: 'run' })
    expect(again.status).toBe(201)
    const { job } = (await again.json()) as { job: { id: string } }
    expect(await server.engine.finished(job.id, new AbortController().signal)).toMatchObject({ status: 'completed' })
  })

  test('with another secret is another one', async () => {
    const server = shared()
    const host = await startSecretLists()
    const compile = (password: string, key?: string): Promise<Response> =>
      server.ask('/compile', {
        json: { configuration: configurationOf('N', `http://bob:${password}@${host}/ok`) },
        ...(key !== undefined && { headers: { 'Idempotency-Key': key } }),
      })
    const key = 'a-key-of-the-test-0123456789'
    const first = await compile(SECRET, key)
    expect(first.status).toBe(200)
    expect((await compile('other', key)).status).not.toBe(200)
    const repeated = await compile(SECRET, key)
    expect(idOf(repeated)).toBe(idOf(first))
    expect((await compile('other')).headers.get('x-cache')).toBe('MISS')
    expect((await compile(SECRET)).headers.get('x-cache')).toBe('HIT')
  })

  test('has its pre-fetched texts under the names of its sources', async () => {
    const server = shared()
    const source = `http://bob:${SECRET}@h.example/x`
    const configuration = configurationOf('J', source)
    for (const text of ['||a^', '||a^\nx\t@@y']) {
      const answer = await server.ask('/compile', { json: { configuration, preFetchedContent: { [source]: text } } })
      const body = await answer.text()
      expect(answer.status, body).toBe(200)
      expect(rulesOf(JSON.parse(body) as Record<string, unknown>)).toEqual(text.split('\n'))
      expect(await toldOf(server, idOf(answer))).not.toContain(SECRET)
    }
  })

  test('is not readable by any route, though its job is', async () => {
    const server = shared()
    const source = `http://bob:${SECRET}@${await startSecretLists()}/ok`
    const answer = await server.ask('/compile', { json: { configuration: configurationOf('N', source) } })
    const id = idOf(answer)
    const { input } = await server.engine.get(id)
    const { blob } = (input as { configurationBlob: { blob: string } }).configurationBlob
    for (const path of [`/blobs/${blob}`, `/jobs/${id}/blobs/${blob}`, `/jobs/${id}/result`, `/jobs/${blob}`, `/${blob}`]) {
      expect(besidesSourceLines(await (await server.ask(path, { key: 'admin' })).text())).not.toContain(SECRET)
    }
  })
})

describe('the native API', () => {
  test('refuses a user name or a password, and says where to send it', async () => {
    const server = shared()
    const configuration = { ...configurationOf('N', 'https://ok.example/', `https://bob:${SECRET}@h.example/`), exclusions_sources: ['x'] }
    const answer = await server.ask('/jobs/compile-filters', { key: 'run', json: { configuration } })
    const text = await answer.text()
    expect(answer.status).toBe(400)
    expect(text).toContain('/configuration/sources/1/source')
    expect(text).toContain('POST /compile/async')
    expect(text).not.toContain(SECRET)
    const batch = await server.ask('/jobs/compile-filters-batch', { key: 'run', json: { requests: [{ id: 'one', configuration }] } })
    expect(batch.status).toBe(400)
    expect(await batch.text()).toContain('/requests/0/configuration/sources/1/source')
  })

  test('says where a configuration is none, before it looks for secrets in it', async () => {
    const answer = await shared().ask('/jobs/compile-filters', { key: 'run', json: { configuration: { name: 'N', sources: [{}] } } })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ pointer: '/configuration/sources/0/source' }] })
  })

  test.each([
    ['an owner', { owner: 'somebody' }],
    ['a seal', { seal: 'x' }],
    ['a blob of texts', { preFetchedBlob: { blob: 'a/b', size: 2 ** 40, sha256: 'x' } }],
    ['a configuration in a blob', { configurationBlob: { blob: 'a/b', size: 1, sha256: 'x' } }],
  ])('takes no %s', async (_what, more) => {
    const server = shared()
    const configuration = configurationOf('N', 'x')
    const answer = await server.ask('/jobs/compile-filters', { key: 'run', json: { configuration, ...more } })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(`/${Object.keys(more)[0]}`)
  })

  test('takes no blob of another job, whatever comes with it', async () => {
    const server = shared()
    const text = '||victim.example^\n'.repeat(3000)
    const sent = { configuration: configurationOf('V', 'x'), preFetchedContent: { x: text } }
    const { input } = await server.engine.get(idOf(await server.ask('/compile', { json: sent })))
    const own = input as Record<string, unknown>
    expect(own['preFetchedBlob']).toBeDefined()
    for (const changed of [{ configuration: configurationOf('Mine', 'x') }, { owner: 'somebody' }, { benchmark: true }]) {
      const answer = await server.ask('/jobs/compile-filters', { key: 'run', json: { ...own, ...changed } })
      expect(answer.status).toBe(400)
    }
    const blob = { ...(own['preFetchedBlob'] as object), sha256: 'another' }
    expect((await server.ask('/jobs/compile-filters', { key: 'run', json: { ...own, preFetchedBlob: blob } })).status).toBe(400)
  })

  test('makes no address of an owner', async () => {
    const one = shared()
    const two = await start()
    const owners = await Promise.all(
      [one, two].map(async (server) => {
        const answer = await server.ask('/compile', {
          json: { configuration: configurationOf('N', 'x'), preFetchedContent: { x: '||a^' } },
        })
        return ((await server.engine.get(idOf(answer))).input as { owner: string }).owner
      }),
    )
    expect(owners[0]).toMatch(/^[\da-f]{32}$/)
    expect(owners[0]).not.toBe(owners[1])
  })
})

/** The files of a folder, with all below it, that hold the secret. */
async function holdingSecret(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  expect(files.length).toBeGreaterThan(1)
  const holding: string[] = []
  for (const file of files.filter((one) => one.isFile())) {
    const path = join(file.parentPath, file.name)
    if ((await readFile(path)).includes(SECRET)) holding.push(relative(folder, path))
  }
  return holding
}

test('what is kept of lists and downloads has no secret but in the lists themselves, and still serves', async () => {
  const server = await start()
  const host = await startSecretLists()
  const sources = [`http://bob:${SECRET}@${host}/includes`, `http://${host}/ok?token=${SECRET}`]
  const patterns = [`http://${host}/patterns?token=${SECRET}`]
  const configuration = { ...configurationOf('N', ...sources), exclusions_sources: patterns }
  const compile = () => server.ask('/compile', { json: { configuration } })
  expect((await compile()).headers.get('x-cache')).toBe('MISS')
  const again = await compile()
  expect(again.headers.get('x-cache')).toBe('HIT')
  expect(await again.text()).toContain(`! Source: ${sources[0]}`)
  // A list names its sources.
  for (const path of await holdingSecret(join(server.folder, 'filters'))) expect(path).toMatch(/\.(?:rules|text)$/)
})

test('the database has no secret, only the blobs have', async () => {
  const server = await start()
  const configuration = configurationOf('N', `http://bob:${SECRET}@${await startSecretLists()}/ok`)
  const headers = { 'Idempotency-Key': 'a-key-of-the-test-0123456789' }
  expect((await server.ask('/compile', { json: { configuration }, headers })).status).toBe(200)
  for (const path of await holdingSecret(join(server.folder, 'data'))) expect(path).toMatch(/blobs/)
})
