import { Button } from '@mantine/core'
import classes from './new-job.module.css'

/** The end of each form. */
export function StartButton({ creating }: { readonly creating: boolean }) {
  return (
    <div className={classes['actions']}>
      <Button type="submit" loading={creating}>
        Start the job
      </Button>
    </div>
  )
}
