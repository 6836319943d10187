import { inspect } from 'node:util'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, createCompileWorkers } from '@headway/filters/compiler'
import type { CompileEvent } from '@headway/filters/compiler'
import { createDownloader } from '@headway/filters/download'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { SECRET, SECRET_CONFIGURATIONS, startSecretLists } from './support/secret-sources.js'

const workers = createCompileWorkers({ threads: 1 })
afterAll(() => workers.close())

function downloader(): ReturnType<typeof createDownloader> {
  const made = createDownloader({ allowAddresses: ['127.0.0.0/8'], retries: 0 })
  onTestFinished(() => made.close())
  return made
}

/** All that is seen of a thing, also what is not enumerable. */
function all(thing: unknown): string {
  return inspect(thing, { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null })
}

describe.each(SECRET_CONFIGURATIONS)('a secret in a source with %s', (_what, make) => {
  test.each(['fail', 'skip'] as const)('is only in the list that names its sources (%s)', async (onSourceError) => {
    const configuration = make(await startSecretLists())
    const events: CompileEvent[] = []
    const options = { load: downloader().load, on: (event: CompileEvent) => events.push(event), onSourceError, benchmark: true }
    const made = await compile(configuration, options).catch((error: unknown) => error)
    expect(events.length).toBeGreaterThan(0)
    const shown = 'rules' in Object(made) ? { ...(made as object), rules: [] } : made
    expect(all([events, shown])).not.toContain(SECRET)
    const rules: string[] = 'rules' in Object(made) ? (made as { rules: string[] }).rules : []
    const named = configuration.sources.map(({ source }) => `! Source: ${source}`)
    for (const line of rules.filter((text) => text.startsWith('! Source: '))) expect(named).toContain(line)
  })

  test('nor is it in what a thread says', async () => {
    const configuration = make(await startSecretLists())
    const folder = await mkdtemp(join(tmpdir(), 'headway-secrets-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const events: CompileEvent[] = []
    const made = await workers
      .compile(configuration, {
        load: downloader().load,
        on: (event) => events.push(event),
        resultFile: join(folder, 'rules'),
      })
      .catch((error: unknown) => error)
    expect(all([events, made])).not.toContain(SECRET)
  })
})

test('the list has the source as it is configured', async () => {
  const source = `http://bob:${SECRET}@${await startSecretLists()}/ok`
  const { rules, sourceHashes, metrics } = await compile({ name: 'N', sources: [{ source }] }, { load: downloader().load })
  expect(rules).toContain(`! Source: ${source}`)
  const shown = source.replace(`bob:${SECRET}@`, '')
  expect(sourceHashes.map((hash) => hash.source)).toEqual([shown])
  expect(metrics.sources[0]).toMatchObject({ name: shown, source: shown })
})

test('what a loader of the caller throws is told without the secret', async () => {
  const source = `http://bob:${SECRET}@example.org/`
  const load = (url: string): never => {
    throw new Error(`could not get ${url}`)
  }
  const events: CompileEvent[] = []
  const work = compile({ name: 'N', sources: [{ source }] }, { load: async (url) => load(url), on: (event) => events.push(event) })
  await expect(work).rejects.toThrow("http://example.org/ can't be loaded: could not get http://example.org/")
  expect(all(events)).not.toContain(SECRET)
})

test('addresses that are shown alike stay apart', async () => {
  const sources = ['a', 'b'].map((user) => ({ source: `http://${user}:${SECRET}@example.org/` }))
  const preFetched = Object.fromEntries(sources.map(({ source }, index) => [source, `||${index}.example^`]))
  const { rules, sourceHashes } = await compile({ name: 'N', sources }, { preFetched })
  expect(rules.filter((line) => line.startsWith('||'))).toEqual(['||0.example^', '||1.example^'])
  expect(sourceHashes.map(({ source }) => source)).toEqual(['http://example.org/', 'http://example.org/'])
  expect(new Set(sourceHashes.map(({ sha256 }) => sha256)).size).toBe(2)
})
