import type { Job, JobStatus } from '@headway/protocol'
import { cleanLine } from '../text/clean.js'
import type { Colors } from '../text/colors.js'
import { shortDuration } from '../text/duration.js'
import { percentOf } from '../text/percent.js'
import { plainTable } from '../text/table.js'
import type { Column } from '../text/table.js'

const STATUS_COLORS: Readonly<Record<JobStatus, keyof Pick<Colors, 'dim' | 'cyan' | 'yellow' | 'green' | 'red'>>> = {
  queued: 'dim',
  running: 'cyan',
  paused: 'yellow',
  completed: 'green',
  failed: 'red',
  cancelled: 'yellow',
}

const HEADS: readonly Column[] = [
  { head: 'JOB', align: 'left' },
  { head: 'TYPE', align: 'left' },
  { head: 'STATUS', align: 'left' },
  { head: 'PROGRESS', align: 'right' },
  { head: 'AGE', align: 'right' },
  { head: 'TOOK', align: 'right' },
]

/** Jobs as a table. @param now in milliseconds since 1970 */
export function jobsTable(jobs: readonly Job[], now: number, colors: Colors): string {
  const columns = HEADS.map(({ head, align }) => ({ head: colors.bold(head), align }))
  return plainTable(
    columns,
    jobs.map((job) => rowOf(job, now, colors)),
  )
}

function rowOf(job: Job, now: number, colors: Colors): string[] {
  const status = job.request === undefined ? job.status : `${job.status}, ${job.request}`
  return [
    job.id,
    cleanLine(job.type),
    colors[STATUS_COLORS[job.status]](status),
    progressOf(job),
    shortDuration(now - Date.parse(job.createdAt)),
    job.startedAt === undefined
      ? '-'
      : shortDuration((job.finishedAt === undefined ? now : Date.parse(job.finishedAt)) - Date.parse(job.startedAt)),
  ]
}

function progressOf({ progress, status }: Job): string {
  if (status === 'completed') return '100%'
  if (progress === null) return '-'
  const percent = percentOf(progress)
  return percent === undefined ? String(progress.done) : `${percent}%`
}
