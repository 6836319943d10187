import { ActionIcon, Anchor, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { memo } from 'react'
import type { ReactNode } from 'react'
import { Took } from '../../shared/ago.js'
import { formatTime } from '../../shared/format.js'
import { Status } from '../../shared/status.js'
import type { LifeMoment } from '../model/life.js'
import type { Job } from '../model/wire.js'
import classes from './job-header.module.css'

interface JobHeaderProps {
  readonly job: Job
  readonly life: LifeMoment
  /** Of the moment that is looked back at; undefined while it is now. */
  readonly at: number | undefined
}

/** What a job is, how it goes, and since when. */
export const JobHeader = memo(function JobHeader({ job, life, at }: JobHeaderProps) {
  const { startedAt, finishedAt } = life
  return (
    <dl className={classes['facts']}>
      <Fact name="Status">
        <Status status={life.status} />
        {life.cancelling && <span className={classes['note']}>, cancelling</span>}
      </Fact>
      <Fact name="Type">{job.type}</Fact>
      <Fact name="Id" isWide>
        <span className={classes['id']}>{job.id}</span>
        <CopyId id={job.id} />
      </Fact>
      <Fact name="Created">
        <Moment at={job.createdAt} />
      </Fact>
      {startedAt !== undefined && (
        <Fact name="Started">
          <Moment at={startedAt} />
        </Fact>
      )}
      {finishedAt !== undefined && (
        <Fact name="Finished">
          <Moment at={finishedAt} />
        </Fact>
      )}
      {startedAt === undefined ? (
        <Fact name="Waiting">
          <span className="figures">
            <Took from={job.createdAt} to={finishedAt ?? at} />
          </span>
        </Fact>
      ) : (
        <Fact name="Duration">
          <span className="figures">
            <Took from={startedAt} to={finishedAt ?? at} />
          </span>
        </Fact>
      )}
      {life.attempt > 0 && (
        <Fact name="Attempt">
          {life.attempt}
          {life.recoveries > 0 && <span className={classes['note']}>, {life.recoveries} recovered</span>}
        </Fact>
      )}
      {job.priority !== 0 && <Fact name="Priority">{job.priority}</Fact>}
      {job.retryOf !== undefined && (
        <Fact name="Runs again">
          <Anchor href={`#/jobs/${job.retryOf}`} size="sm">
            {job.retryOf.slice(0, 8)}
          </Anchor>
        </Fact>
      )}
      {job.parentId !== undefined && (
        <Fact name="Made by">
          <Anchor href={`#/jobs/${job.parentId}`} size="sm">
            {job.parentId.slice(0, 8)}
          </Anchor>
        </Fact>
      )}
    </dl>
  )
})

function Fact({ name, isWide = false, children }: { readonly name: string; readonly isWide?: boolean; readonly children: ReactNode }) {
  return (
    <div className={classes['fact']} data-wide={isWide}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function CopyId({ id }: { readonly id: string }) {
  return (
    <CopyButton value={id}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy the id'}>
          <ActionIcon variant="subtle" size="xs" color="gray" aria-label={copied ? 'Copied' : 'Copy the id'} onClick={copy}>
            {copied ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

function Moment({ at }: { readonly at: string | number }) {
  const date = new Date(at)
  return <time dateTime={date.toISOString()}>{formatTime(date)}</time>
}
