import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkLog } from './check-log.mjs'
import { ask } from './http.mjs'
import { shorten } from './records.mjs'
import { readPage } from './watchers/poll.mjs'

/** Compares all that clients know with what the server has in the end. The server runs, and every job has ended. */
export async function checkAll({ server, records, workFolder, kinds }) {
  await checkList(server, records, kinds)
  for (const job of records.jobs.values()) {
    const lines = await readLog(server, job.id)
    const shown = await readJob(server, job.id)
    if (lines === undefined || shown === undefined) {
      records.violate(`${job.kind.name} ${job.id} was acknowledged (key ${job.key}) and is not there`)
      continue
    }
    for (const problem of checkLog(job, lines, shown)) records.violate(`${job.kind.name} ${job.id}: ${problem}`)
    job.lines.forEach((line, index) => {
      if (line !== lines[index])
        records.violate(
          `${job.kind.name} ${job.id}: watchers saw\n  ${shorten(line)}\nbut event ${index + 1} is\n  ${shorten(lines[index])}`,
        )
    })
    for (const watcher of job.watchers) {
      if (!watcher.done || watcher.after !== lines.length) watcher.violate(`ended with ${watcher.after} of ${lines.length} events`)
    }
    await job.taskWatcher?.check(server)
  }
  const overlaps = join(workFolder, 'overlaps.log')
  if (existsSync(overlaps)) records.violate(`Two runs of one job were at work at once:\n${readFileSync(overlaps, 'utf8')}`)
}

/** Each key made one job, and each job that is there was asked for. */
async function checkList(server, records, kinds) {
  const listed = new Map()
  let cursor = ''
  do {
    const { status, text } = await ask(`${server.url}/jobs?limit=200${cursor && `&cursor=${cursor}`}`, { headers: server.headers })
    if (status !== 200) return records.violate(`The list of jobs was answered ${status}: ${text}`)
    const page = JSON.parse(text)
    for (const job of page.jobs) {
      const label = kinds[0].labelOf(job)
      const before = listed.get(label)
      if (before !== undefined) records.violate(`The key ${label} made two jobs: ${before} and ${job.id}`)
      listed.set(label, job.id)
    }
    cursor = page.nextCursor ?? ''
  } while (cursor !== '')
  for (const { id, key } of records.jobs.values()) {
    if (listed.get(key) !== id) records.violate(`The key ${key} made job ${id}; the list has ${listed.get(key)}`)
  }
  if (listed.size !== records.jobs.size) records.violate(`${records.jobs.size} jobs were acknowledged, ${listed.size} are there`)
}

/** The whole log as it is sent, a line for each event. */
export async function readLog(server, id) {
  const lines = []
  for (let after = 0; ;) {
    const { status, text } = await ask(`${server.url}/jobs/${id}/events?after=${after}`, {
      headers: { ...server.headers, Accept: 'application/json' },
    })
    if (status !== 200) return undefined
    const page = readPage(text)
    lines.push(...page.lines)
    after = page.next
    if (after >= page.head) return lines
  }
}

async function readJob(server, id) {
  const { status, text } = await ask(`${server.url}/jobs/${id}`, { headers: server.headers })
  return status === 200 ? JSON.parse(text) : undefined
}
