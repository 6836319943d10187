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
export function FollowState({ state }: { readonly state: FeedState }) {
  const shown = shownState(state)
  return (
    <Tooltip label={MEANINGS[shown]} multiline maw={260}>
      <span className={classes['state']} data-state={shown} data-follow={shown} tabIndex={0} role="note">
        <span className={classes['mark']} aria-hidden />
        <span className="visually-hidden">The log: </span>
        {WORDS[shown]}
        <span className="visually-hidden">. {MEANINGS[shown]}</span>
      </span>
    </Tooltip>
  )
}

/** Whether the log is followed, in a word. */
export function followWord(state: FeedState): string {
  return WORDS[shownState(state)]
}

function shownState({ connection, ended, error }: FeedState): keyof typeof WORDS {
  return ended && error === undefined ? 'closed' : connection
}
