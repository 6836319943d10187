// Demo data for pictures: a real server with jobs of each kind, some of them over, some of them under way.
import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../../apps/cli/dist/demo/free-port.js'
import { configuration, LISTS } from '../../apps/cli/dist/demo/lists.js'
import { ServerProcess } from '../../apps/cli/dist/demo/server-process.js'
import { SlowLists } from '../../apps/cli/dist/demo/slow-lists.js'
import { makeHistory } from './demo-history.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DEMO = join(ROOT, 'apps/cli/data/demo')
const VERSION = 'v885'

/** The API key of the demo's server. */
export const DEMO_KEY = 'a-key-for-pictures-only'

/**
 * Starts a server and gives it jobs.
 *
 * @returns `url`; `jobs`: ids by what they show (`running`, `released`, `damaged`, `compiled`, `imported`, `scanned`); `close`
 */
export async function startDemo() {
  const folder = await mkdtemp(join(tmpdir(), 'headway-pictures-'))
  const resources = join(folder, 'resources')
  const makeTree = join(ROOT, 'services/tasks/programs/make-tree.mjs')
  await promisify(execFile)(process.execPath, [makeTree, '--root', resources, '--versions', `v884,${VERSION}`, '--files', '1200'])
  await makeHistory(join(folder, 'data'))
  const lists = await SlowLists.start(LISTS)
  const server = new ServerProcess(await freePort(), {
    HEADWAY_ADMIN_KEY: DEMO_KEY,
    HEADWAY_DATA: join(folder, 'data'),
    HEADWAY_RESOURCES: resources,
    HEADWAY_PUBLISH: join(folder, 'published'),
    HEADWAY_BOOKS_PROVIDERS: 'none',
    HEADWAY_FILTERS_ALLOW_ADDRESSES: '127.0.0.1',
    HEADWAY_KEEP_FINISHED: '1000',
    HEADWAY_RATE_LIMIT: '0',
    HEADWAY_SHUTDOWN_GRACE: '1s',
  })
  const close = async () => {
    await server.stop('SIGTERM')
    lists.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await server.start()
    return { url: server.url, jobs: await makeJobs(server.url, lists, join(folder, 'published')), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function makeJobs(url, lists, published) {
  const headers = { 'X-API-Key': DEMO_KEY }
  const ask = async (path, init) => {
    const response = await fetch(`${url}/${path}`, init)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  const create = async (type, input) => {
    const { job } = await ask(`jobs/${type}`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(input),
    })
    return job.id
  }
  const upload = async (path, field, name) => {
    const body = new FormData()
    body.set(field, new File([await readFile(join(DEMO, name))], name))
    return (await ask(path, { method: 'POST', headers, body })).data.jobId
  }
  const over = async (id) => {
    while (!['completed', 'failed', 'cancelled'].includes((await ask(`jobs/${id}`, { headers })).status)) await wait(100)
    return id
  }
  const [imported, scanned, compiled] = await Promise.all([
    upload('v3/jobs/imports', 'file', 'library.csv').then(over),
    upload('v3/jobs/scans', 'photos[]', 'shelf.jpg').then(over),
    create('compile-filters', { configuration: configuration(lists), benchmark: true }).then(over),
  ])
  const released = await over(await create('full-sync', { version: VERSION }))
  const native = join(published, 'staging', 'native', 'ios', VERSION)
  const { files } = JSON.parse(await readFile(join(native, 'manifest.json'), 'utf8'))
  await appendFile(join(native, files[10].path), 'damage')
  const damaged = await over(await create('check-integrity', { version: VERSION, where: 'published' }))
  const running = await create('full-sync', { version: VERSION, env: 'production', rate: 40 })
  await create('check-integrity', { version: 'v884', rate: 15 })
  await create('full-sync', { version: VERSION, env: 'production' })
  return { running, released, damaged, compiled, imported, scanned }
}
