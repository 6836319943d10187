import { Alert, Anchor, Button, Tabs, Text } from '@mantine/core'
import { useHeadway } from '@headway/client/react'
import { Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { useTypes } from '../api/use-types.js'
import { Page } from '../shared/page.js'
import { PageSkeleton } from '../shared/page-skeleton.js'
import { part } from '../shared/part.js'
import { ErrorAlert } from '../shared/error-alert.js'
import { useNow } from '../shared/use-now.js'
import { EventsView } from './events/events-view.js'
import { FollowState, followWord } from './header/follow-state.js'
import { JobControls } from './header/job-controls.js'
import { JobHeader } from './header/job-header.js'
import { JobProgress } from './header/job-progress.js'
import { isJobId } from './job-id.js'
import classes from './job-page.module.css'
import { LogView } from './log/log-view.js'
import { JobFeed } from './model/job-feed.js'
import type { FeedState } from './model/job-feed.js'
import { timeLeft } from './model/progress.js'
import type { Job } from './model/wire.js'
import { JsonTree } from './parts/json-tree.js'
import { SaidCalmly } from './parts/said-calmly.js'
import { ReplayBar } from './replay/replay-bar.js'
import { ResultView } from './result/result-view.js'
import { TimelineView } from './timeline/timeline-view.js'
import { useFeed } from './use-feed.js'
import { useJobDocument } from './use-job-document.js'

const ChartsView = part(async () => ({ default: (await import('./charts/charts-view.js')).ChartsView }))

/** How often parts are drawn anew that nobody reads line by line, in milliseconds. */
const CALM_MS = 150

/** One job: what it does and did, live, and at any moment of its log. */
export default function JobPage({ id }: { readonly id: string }) {
  return isJobId(id) ? <FollowedJob id={id.toLowerCase()} /> : <Unreadable error={new Error(`No job can have the id ${id}.`)} />
}

function Unreadable({ error }: { readonly error: Error }) {
  return (
    <Page title="Job">
      <ErrorAlert title="The job could not be read" error={error}>
        <Anchor href="#/jobs" size="sm">
          All jobs
        </Anchor>
      </ErrorAlert>
    </Page>
  )
}

function FollowedJob({ id }: { readonly id: string }) {
  const { jobs } = useHeadway()
  const feed = useMemo(() => new JobFeed((after) => jobs.follow(id, { after })), [jobs, id])
  const state = useFeed(feed, CALM_MS)
  const { job, error } = useJobDocument(id, state.ended)
  if (error !== undefined && job === undefined) return <Unreadable error={error} />
  if (job === undefined) return <PageSkeleton />
  return <OneJob job={job} feed={feed} state={state} />
}

const TABS = ['log', 'timeline', 'charts', 'result', 'input', 'events'] as const
type Tab = (typeof TABS)[number]

interface OneJobProps {
  readonly job: Job
  readonly feed: JobFeed
  readonly state: FeedState
}

function OneJob({ job, feed, state }: OneJobProps) {
  const { record, version } = state
  const info = useTypes().value?.find(({ name }) => name === job.type)
  const [at, setAt] = useState<number>()
  const [tab, setTab] = useState<Tab>(() => (job.type.startsWith('books-') ? 'result' : 'log'))
  // A record that was thrown away takes what was looked back at along.
  useEffect(() => setAt(undefined), [record])
  const seq = Math.min(at ?? record.head, record.head)
  const life = record.life.at(seq)
  // What can be done with it now, whatever moment is looked at.
  const now = record.life.at(record.head)
  const isOver = now.finishedAt !== undefined
  const seek = useCallback((to: number | undefined) => setAt(to), [])
  const point = record.progress.at(seq)
  const moment = at === undefined ? undefined : record.timeOf(seq)
  const leftMs = useTimeLeft(state, at === undefined && !isOver)
  const told = `The job is ${life.status}. The log: ${followWord(state)}.`
  return (
    <Page
      title={info?.title ?? job.type}
      actions={<JobControls id={job.id} type={job.type} info={info} status={now.status} cancelling={now.cancelling} />}
    >
      <section className={classes['head']} aria-label="The job">
        <div className={classes['top']}>
          <JobHeader job={job} life={life} at={moment} />
          <div className={classes['follow']}>
            <FollowState state={state} />
          </div>
        </div>
        <JobProgress life={life} point={point} leftMs={leftMs} />
      </section>
      {state.reset !== undefined && (
        <Alert color="yellow" variant="outline" mt="sm" title="The history of this job is gone" role="alert">
          {state.reset.reason === 'pruned'
            ? 'Its log was removed from the server, as old jobs are. What was shown here is no longer known to it.'
            : 'The server knows less of it than this page did, as after a restored backup. What follows is what it knows now.'}
        </Alert>
      )}
      {state.error !== undefined && (
        <Alert color="red" variant="outline" mt="sm" title="The job is no longer followed" role="alert">
          <Text size="sm">{state.error.message}</Text>
          <Button size="compact-sm" variant="default" mt="xs" onClick={feed.again}>
            Follow it again
          </Button>
        </Alert>
      )}
      {record.head > 0 && <ReplayBar record={record} seq={seq} at={at} onSeek={seek} isOver={isOver} />}
      <Tabs value={tab} onChange={(value) => setTab((value as Tab | null) ?? 'log')} keepMounted={false} mt="md">
        <Tabs.List className={classes['tabs'] ?? ''}>
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {TAB_NAMES[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div className={classes['panel']}>
          <Tabs.Panel value="log">
            <LogView
              key={record.log.id}
              feed={feed}
              store={record.log}
              version={version}
              end={at === undefined ? undefined : record.log.endAt(seq)}
              fileName={`${job.type}-${job.id.slice(0, 8)}`}
            />
          </Tabs.Panel>
          <Tabs.Panel value="timeline">
            <LiveTimeline state={state} seq={seq} isLive={at === undefined && !isOver} from={Date.parse(job.createdAt)} version={version} />
          </Tabs.Panel>
          <Tabs.Panel value="charts">
            <Suspense fallback={<PageSkeleton />}>
              <ChartsView record={record} seq={seq} version={version} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="result">
            <ResultView job={job} record={record} seq={seq} version={version} life={record.life.at(seq)} />
          </Tabs.Panel>
          <Tabs.Panel value="input">
            <JsonTree value={job.input} label="Input" openLevels={3} />
          </Tabs.Panel>
          <Tabs.Panel value="events">
            <EventsView key={record.log.id} record={record} seq={seq} version={version} />
          </Tabs.Panel>
        </div>
      </Tabs>
      <SaidCalmly text={told} about={told} />
    </Page>
  )
}

const TAB_NAMES: Readonly<Record<Tab, string>> = {
  log: 'Log',
  timeline: 'Timeline',
  charts: 'Charts',
  result: 'Result',
  input: 'Input',
  events: 'Events',
}

interface LiveTimelineProps {
  readonly state: FeedState
  readonly seq: number
  readonly isLive: boolean
  readonly from: number
  /** Grows when the record has changed. */
  readonly version: number
}

/** The timeline, which grows with the time while the job goes on. */
function LiveTimeline({ state: { record }, seq, isLive, from, version }: LiveTimelineProps) {
  const now = useNow()
  const to = isLive ? Math.max(now, record.lastAt) : record.timeOf(seq)
  const spans = useMemo(() => record.timeline.until(seq), [record, seq, version])
  return <TimelineView spans={spans} omitted={record.timeline.omitted} from={Math.min(from, record.timeOf(1))} to={to} />
}

function useTimeLeft({ record }: FeedState, isLive: boolean): number | undefined {
  const now = useNow()
  return useMemo(
    () => (isLive ? timeLeft(record.progress.until(record.head), Math.max(now, record.lastAt)) : undefined),
    [record, isLive, now],
  )
}
