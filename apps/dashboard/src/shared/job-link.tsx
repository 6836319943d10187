import { Link } from 'wouter'
import classes from './job-link.module.css'

/** A job in a list: its type, which leads to its page wherever its row is clicked. */
export function JobLink({ id, type }: { readonly id: string; readonly type: string }) {
  return (
    <Link href={`/jobs/${id}`} className={classes['link'] ?? ''}>
      {type}
    </Link>
  )
}
