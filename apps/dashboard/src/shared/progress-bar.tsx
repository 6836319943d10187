import type { Job } from '@headway/protocol'
import { formatShort } from './format.js'
import classes from './progress-bar.module.css'

/** How far a job is: 0 to 1; undefined while it is not known. */
export function fractionOf({ status, progress }: Pick<Job, 'status' | 'progress'>): number | undefined {
  if (status === 'completed') return 1
  if (progress === null) return undefined
  if (progress.fraction !== undefined) return progress.fraction
  return progress.total === null || progress.total === 0 ? undefined : Math.min(1, progress.done / progress.total)
}

/** A job's progress as a bar with its figure. */
export function ProgressBar({ job, label }: { readonly job: Pick<Job, 'status' | 'progress'>; readonly label: string }) {
  const fraction = fractionOf(job)
  const percent = fraction === undefined ? undefined : Math.floor(fraction * 100)
  return (
    <span className={classes['progress']} data-status={job.status}>
      <span
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(percent !== undefined && { 'aria-valuenow': percent })}
        className={classes['track']}
        data-unknown={percent === undefined && job.status === 'running'}
      >
        <span className={classes['bar']} style={{ width: `${(fraction ?? 0) * 100}%` }} />
      </span>
      <span className={classes['figure']}>{percent === undefined ? doneOf(job) : `${percent}%`}</span>
    </span>
  )
}

function doneOf({ progress }: Pick<Job, 'progress'>): string {
  return progress === null || progress.done === 0 ? '' : formatShort(progress.done)
}
