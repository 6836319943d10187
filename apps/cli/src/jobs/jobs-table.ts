import type { Job, JobStatus } from '@headway/protocol'
import Table from 'cli-table3'
import { cleanLine } from '../text/clean.js'
import type { Colors } from '../text/colors.js'
import { shortDuration } from '../text/duration.js'
import { percentOf } from '../text/percent.js'

const STATUS_COLORS: Readonly<Record<JobStatus, keyof Pick<Colors, 'dim' | 'cyan' | 'yellow' | 'green' | 'red'>>> = {
  queued: 'dim',
  running: 'cyan',
  paused: 'yellow',
  completed: 'green',
  failed: 'red',
  cancelled: 'yellow',
}

/** Columns with two spaces between them, and no other lines: they can be read, cut and searched. */
const LAYOUT = {
  chars: Object.fromEntries(
    ['top', 'bottom', 'mid'].flatMap((line) => ['', '-mid', '-left', '-right'].map((end) => [line + end, ''])),
  ) as Record<string, string>,
  style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
} as const

/** Jobs as a table. @param now in milliseconds since 1970 */
export function jobsTable(jobs: readonly Job[], now: number, colors: Colors): string {
  const table = new Table({
    chars: { ...LAYOUT.chars, left: '', 'left-mid': '', right: '', 'right-mid': '', middle: '', 'mid-mid': '' },
    style: { ...LAYOUT.style, head: [...LAYOUT.style.head], border: [...LAYOUT.style.border] },
    head: ['JOB', 'TYPE', 'STATUS', 'PROGRESS', 'AGE', 'TOOK'].map((name) => colors.bold(name)),
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right'],
  })
  table.push(...jobs.map((job) => rowOf(job, now, colors)))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
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
