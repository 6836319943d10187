import { Button } from '@mantine/core'
import { IconArrowUp } from '@tabler/icons-react'
import { formatCount } from '../shared/format.js'
import classes from './jobs.module.css'

interface WaitingProps {
  readonly count: number
  /** There are more than these. */
  readonly more: boolean
  readonly show: () => void
}

/** New jobs that are not shown yet, so that nothing moves under the mouse. Screen readers are told once, not at each one. */
export function Waiting({ count, more, show }: WaitingProps) {
  return (
    <>
      <span role="status" className="visually-hidden">
        {count > 0 ? 'There are new jobs.' : ''}
      </span>
      {count > 0 && (
        <div className={classes['waiting']}>
          <Button size="compact-sm" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={show}>
            Show {more ? 'more than ' : ''}
            {formatCount(count)} new {count === 1 ? 'job' : 'jobs'}
          </Button>
        </div>
      )}
    </>
  )
}
