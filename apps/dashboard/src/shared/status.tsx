import type { JobStatus } from '@headway/protocol'
import classes from './status.module.css'

/** A job's status: in words, with a mark that differs in form and colour. */
export function Status({ status }: { readonly status: JobStatus }) {
  return (
    <span className={classes['status']} data-status={status}>
      <span className={classes['mark']} aria-hidden />
      {status}
    </span>
  )
}
