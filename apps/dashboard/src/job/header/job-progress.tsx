import { memo } from 'react'
import { formatDuration } from '../../shared/format.js'
import { ProgressBar } from '../../shared/progress-bar.js'
import { counted } from '../format.js'
import type { LifeMoment } from '../model/life.js'
import type { ProgressPoint } from '../model/progress.js'
import classes from './job-header.module.css'

interface JobProgressProps {
  readonly life: LifeMoment
  readonly point: ProgressPoint | undefined
  /** How long it will still take, in milliseconds, where that can be said. */
  readonly leftMs: number | undefined
}

/** How far a job is, what it says of that, and how long it will still take. */
export const JobProgress = memo(function JobProgress({ life, point, leftMs }: JobProgressProps) {
  const progress =
    point === undefined ? null : { done: point.done, total: point.total, ...(point.fraction !== undefined && { fraction: point.fraction }) }
  if (progress === null && life.status !== 'running') return null
  return (
    <div className={classes['progress']}>
      <ProgressBar job={{ status: life.status, progress }} label="Progress" />
      <span className={classes['left']}>{leftMs === undefined || life.status !== 'running' ? '' : `about ${roughly(leftMs)} left`}</span>
      <span className={classes['message']}>{point === undefined ? '' : (point.message ?? doneOf(point))}</span>
    </div>
  )
})

function doneOf({ done, total }: ProgressPoint): string {
  if (total === 100) return ''
  return total === null ? `${counted(done, 'item')} done` : `${done} of ${total}`
}

/** An estimate has no tenths. */
function roughly(ms: number): string {
  return ms < 60_000 ? `${Math.max(1, Math.round(ms / 1000))} s` : formatDuration(Math.round(ms / 10_000) * 10_000)
}
