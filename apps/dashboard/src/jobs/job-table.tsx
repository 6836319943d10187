import { Skeleton } from '@mantine/core'
import type { Job } from '@headway/protocol'
import { memo } from 'react'
import { Ago, Took } from '../shared/ago.js'
import { JobLink } from '../shared/job-link.js'
import { ProgressBar } from '../shared/progress-bar.js'
import { Status } from '../shared/status.js'
import { summaryOf } from '../shared/summary.js'
import classes from './jobs.module.css'

/** Jobs as a table; each row leads to its job. */
export function JobTable({ jobs }: { readonly jobs: readonly Job[] }) {
  return (
    <table className={classes['table']}>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Job</th>
          <th scope="col" className={classes['wide']}>
            Progress
          </th>
          <th scope="col" className={classes['wide']}>
            Attempt
          </th>
          <th scope="col" className={classes['medium']}>
            Took
          </th>
          <th scope="col">Created</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <Row key={job.id} job={job} />
        ))}
      </tbody>
    </table>
  )
}

const Row = memo(function Row({ job }: { readonly job: Job }) {
  const { id, type, status, progress, attempt, error, createdAt, startedAt, finishedAt } = job
  const about = error?.message ?? (status === 'running' ? progress?.message : undefined) ?? summaryOf(job)
  return (
    <tr data-job={id}>
      <td>
        <Status status={status} />
      </td>
      <td className={classes['job']}>
        <JobLink id={id} type={type} />
        <span className={classes['id']}>{id.slice(0, 8)}</span>
        <span className={classes['about']} data-error={error !== undefined} title={about}>
          {about}
        </span>
      </td>
      <td className={classes['wide']}>
        {status !== 'queued' && status !== 'completed' && <ProgressBar job={job} label={`Progress of ${type} ${id.slice(0, 8)}`} />}
      </td>
      <td className={classes['wide']}>{attempt === 0 ? '' : attempt}</td>
      <td className={classes['medium']}>{startedAt !== undefined && <Took from={startedAt} to={finishedAt} />}</td>
      <td className={classes['created']}>
        <Ago at={createdAt} />
      </td>
    </tr>
  )
})

/** While jobs are read. */
export function TableSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="The jobs are read">
      {Array.from({ length: 8 }, (_, index) => (
        <Skeleton key={index} height={30} mt={8} />
      ))}
    </div>
  )
}
