import { Anchor, Skeleton } from '@mantine/core'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { useJobs } from '@headway/client/react'
import { Ago } from '../shared/ago.js'
import { JobLink } from '../shared/job-link.js'
import { Nothing, Panel } from '../shared/panel.js'
import classes from './overview.module.css'

const SHOWN = 10

/** The newest of the jobs that failed, and why. */
export function FailedJobs() {
  const query = useMemo(() => ({ status: ['failed'] as const, limit: SHOWN }), [])
  const { jobs } = useJobs(query)
  return (
    <Panel
      title="Newest jobs that failed"
      aside={
        <Anchor component={Link} href="/jobs?status=failed" size="xs">
          All failed jobs
        </Anchor>
      }
    >
      {jobs === undefined ? (
        <Skeleton height={90} />
      ) : jobs.length === 0 ? (
        <Nothing>No job that is kept has failed.</Nothing>
      ) : (
        <ul className={classes['jobs']}>
          {jobs.map(({ id, type, error, finishedAt, createdAt }) => (
            <li key={id}>
              <div className={classes['line']}>
                <JobLink id={id} type={type} />
                <span className={classes['took']}>
                  <Ago at={finishedAt ?? createdAt} />
                </span>
              </div>
              <div className={classes['about']} title={error?.message}>
                <span className={classes['code']}>{error?.code}</span> <span className={classes['soft']}>{error?.message}</span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
