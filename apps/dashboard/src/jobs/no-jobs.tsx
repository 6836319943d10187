import { Button } from '@mantine/core'
import { Link } from 'wouter'
import classes from './jobs.module.css'

/** Nothing is found, or nothing is there yet. */
export function NoJobs({ filtered, clear }: { readonly filtered: boolean; readonly clear: () => void }) {
  return (
    <div className={classes['none']} role="status">
      {filtered ? (
        <>
          <p>No job that is kept fits these filters.</p>
          <Button variant="default" size="xs" onClick={clear}>
            Show all jobs
          </Button>
        </>
      ) : (
        <>
          <p>There are no jobs yet. Finished ones are kept for a while, too.</p>
          <Button component={Link} href="/new" size="xs">
            Start the first one
          </Button>
        </>
      )}
    </div>
  )
}
