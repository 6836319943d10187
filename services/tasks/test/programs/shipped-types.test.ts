import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SHIPPED_PROGRAMS, SHIPPED_TASK_FILE } from '@headway/tasks'
import { expect, test } from 'vitest'
import { finished, start } from '../support/start.js'
import type { Running } from '../support/start.js'
import { folderOf, newFolder, newTree, readManifest } from './support/programs.js'

/** A server with the shipped task types. */
function startShipped(root: string, published = newFolder()): Promise<Running> {
  const shipped = readFileSync(SHIPPED_TASK_FILE, 'utf8').replaceAll('programs/', `${SHIPPED_PROGRAMS}/`)
  return start(shipped, { environment: { HEADWAY_RESOURCES: root, HEADWAY_PUBLISH: published } })
}

test('check-integrity checks each platform and finds damage', async () => {
  const root = await newTree()
  const server = await startShipped(root)
  const sound = await server.run('check-integrity', { version: 'v885' })
  expect(sound.job).toMatchObject({
    status: 'completed',
    result: {
      success: true,
      results: [
        { name: 'ios', result: { ok: true, checkedFiles: 30 } },
        { name: 'android', result: { ok: true } },
        { name: 'web', result: { ok: true, checkedFiles: 30 } },
      ],
    },
  })
  expect(sound.lines).toContain('stdout: All files matched successfully.')
  const android = folderOf(root, 'v885', 'android')
  rmSync(join(android, readManifest(android).files[0]?.path ?? ''))
  const damaged = await server.run('check-integrity', { version: 'v885' })
  expect(damaged.job).toMatchObject({
    status: 'failed',
    error: {
      code: 'step_failed',
      details: { results: [{ success: true }, { name: 'android', success: false, exitCode: 1, result: { missing: 1 } }] },
    },
  })
})

test('check-integrity is fine with a version that has nothing for the web, but not with damage there', async () => {
  const root = await newTree()
  const server = await startShipped(root)
  const web = folderOf(root, 'v885', 'web')
  rmSync(join(web, readManifest(web).files[0]?.path ?? ''))
  expect((await server.run('check-integrity', { version: 'v885' })).job.status).toBe('failed')
  rmSync(web, { recursive: true })
  const { job, lines } = await server.run('check-integrity', { version: 'v885' })
  expect(job.status).toBe('completed')
  expect(lines).toContain('stdout: v885 has nothing for Web.')
})

test('full-sync releases a version step by step, and the check of what was published finds damage there', async () => {
  const published = newFolder()
  const server = await startShipped(await newTree(), published)
  const { job, events } = await server.run('full-sync', { version: 'v885' })
  expect(job).toMatchObject({ status: 'completed', result: { success: true } })
  const { results } = job.result as { results: { name: string }[] }
  expect(results.map(({ name }) => name)).toEqual([
    'check ios',
    'check android',
    'check web',
    'sync-facebook',
    'sync-native',
    'update-reuse',
    'check published',
  ])
  const progress = events.flatMap(({ type, data }) => (type === 'update' ? [(data as { progress: number }).progress] : []))
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  expect(new Set(progress).size).toBeGreaterThanOrEqual(results.length)
  const check = { version: 'v885', where: 'published' }
  expect((await server.run('check-integrity', check)).job.status).toBe('completed')
  const ios = join(published, 'staging/native/ios/v885')
  const file = readManifest(ios).files[0]?.path ?? ''
  rmSync(join(ios, file))
  const damaged = await server.run('check-integrity', check)
  expect(damaged.job.status).toBe('failed')
  expect(damaged.lines).toContain(`stderr: missing: ${file}`)
})

test('what a release needs that is missing ends it, and nothing is published', async () => {
  const root = await newTree()
  const published = newFolder()
  const server = await startShipped(root, published)
  rmSync(join(folderOf(root, 'v885', 'web'), 'manifest.json'))
  const { job } = await server.run('full-sync', { version: 'v885' })
  expect(job).toMatchObject({
    status: 'failed',
    error: { code: 'step_failed', details: { results: [{}, {}, { name: 'check web', exitCode: 2 }] } },
  })
  expect(existsSync(join(published, 'staging'))).toBe(false)
})

test('types that write to one environment wait for each other, those of another do not', async () => {
  const server = await startShipped(await newTree())
  const create = async (type: string, env: string): Promise<string> => (await server.engine.create(type, { version: 'v885', env })).job.id
  const ids = [await create('sync-facebook', 'staging'), await create('sync-native', 'staging'), await create('sync-native', 'production')]
  const jobs = await Promise.all(ids.map(async (id) => (await finished(server.engine, id)).job))
  expect(jobs.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed'])
  expect(jobs.map(({ concurrencyKey }) => concurrencyKey)).toEqual(['release-staging', 'release-staging', 'release-production'])
  const [first, second] = jobs
  expect(String(second?.startedAt) >= String(first?.finishedAt)).toBe(true)
})

test('a version or an environment that is none starts nothing', async () => {
  const server = await startShipped(newFolder())
  for (const [version, env] of [
    ['v885; rm -rf /', 'staging'],
    ['../v885', 'staging'],
    ['--help', 'staging'],
    ['v885\n', 'staging'],
    ['v885', '../production'],
  ]) {
    const response = await server.ask('/api/tasks/full-sync', { json: { version, env } })
    expect(response.status, `${version} for ${env}`).toBe(400)
  }
})

test('a dry run of a sync says what it would do and changes nothing', async () => {
  const published = newFolder()
  const server = await startShipped(await newTree(), published)
  const { job, lines } = await server.run('sync-native', { version: 'v885', dryRun: true })
  expect(job.status).toBe('completed')
  expect(lines.join('\n')).toContain('Would copy 30 files')
  expect(existsSync(join(published, 'staging'))).toBe(false)
})
