import { Anchor, Skeleton } from '@mantine/core'
import { useMemo } from 'react'
import { Link } from 'wouter'
import type { Job } from '@headway/protocol'
import { useJob, useJobs } from '@headway/client/react'
import { Took } from '../shared/ago.js'
import { JobLink } from '../shared/job-link.js'
import { Nothing, Panel } from '../shared/panel.js'
import { ProgressBar } from '../shared/progress-bar.js'
import { Status } from '../shared/status.js'
import { summaryOf } from '../shared/summary.js'
import classes from './overview.module.css'

/** As many are followed live here; the others are on the page of jobs. */
const SHOWN = 10

/** The jobs that run, with bars that move. */
export function RunningJobs() {
  const query = useMemo(() => ({ status: ['running', 'paused'] as const, limit: SHOWN + 1 }), [])
  const { jobs } = useJobs(query)
  return (
    <Panel
      title="Running"
      aside={
        <Anchor component={Link} href="/jobs?status=running,paused" size="xs">
          {jobs !== undefined && jobs.length > SHOWN ? 'See all' : 'In the list of jobs'}
        </Anchor>
      }
    >
      {jobs === undefined ? (
        <Skeleton height={90} />
      ) : jobs.length === 0 ? (
        <Nothing>Nothing runs.</Nothing>
      ) : (
        <ul className={classes['jobs']}>
          {jobs.slice(0, SHOWN).map((job) => (
            <RunningJob key={job.id} listed={job} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function RunningJob({ listed }: { readonly listed: Job }) {
  const { job = listed } = useJob(listed.id)
  return (
    <li className={classes['job']}>
      <Status status={job.status} />
      <span className={classes['about']}>
        <JobLink id={job.id} type={job.type} /> <span className={classes['soft']}>{job.progress?.message ?? summaryOf(job)}</span>
      </span>
      <span className={classes['bar']}>
        <ProgressBar job={job} label={`Progress of ${job.type}`} />
      </span>
      <span className={classes['took']}>
        <Took from={job.startedAt ?? job.createdAt} to={job.finishedAt} />
      </span>
    </li>
  )
}
