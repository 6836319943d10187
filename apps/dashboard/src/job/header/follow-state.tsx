import { Tooltip } from '@mantine/core'
import type { FeedState } from '../model/job-feed.js'
import classes from './follow-state.module.css'

const WORDS = { connecting: 'connecting', live: 'live', reconnecting: 'reconnecting', closed: 'ended' } as const

const MEANINGS = {
  connecting: 'The log is being asked for.',
  live: 'Events are shown as they happen.',
  reconnecting: 'The server does not answer. What it says in the meantime comes when it is back.',
  closed: 'All of the log is here.',
} as const

/** Whether the job is followed at this moment. */
export function FollowState({ state: { connection, ended, error } }: { readonly state: FeedState }) {
  const shown = ended && error === undefined ? 'closed' : connection
  return (
    <Tooltip label={MEANINGS[shown]} multiline maw={260}>
      <span
        className={classes['state']}
        data-state={shown}
        data-follow={shown}
        tabIndex={0}
        role="status"
        aria-label={`Log: ${WORDS[shown]}`}
      >
        <span className={classes['mark']} aria-hidden />
        {WORDS[shown]}
      </span>
    </Tooltip>
  )
}
