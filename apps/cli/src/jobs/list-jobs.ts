import { jobPageSchema } from '@headway/protocol'
import { openApi } from '../api/api.js'
import type { JobsFlags } from '../commands/jobs.js'
import { cleanLine } from '../text/clean.js'
import { colorsFor } from '../text/colors.js'
import { jobsTable } from './jobs-table.js'

/** `headway jobs`. @throws CommandError */
export async function listJobs(flags: JobsFlags): Promise<void> {
  const api = await openApi(flags)
  const { type, status, text, cursor } = flags
  const page = await api.request('jobs', jobPageSchema, { query: { type, status, text, cursor, limit: String(flags.limit) } })
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(page)}\n`)
    return
  }
  if (page.jobs.length === 0) process.stderr.write('headway: there are no such jobs\n')
  else process.stdout.write(`${jobsTable(page.jobs, Date.now(), colorsFor(process.stdout, flags.color))}\n`)
  if (page.nextCursor !== null) process.stderr.write(`headway: there are more: --cursor ${cleanLine(page.nextCursor)}\n`)
}
