import type { JobId, Seq } from '@headway/protocol'
import { unheeded } from '../deferred.js'
import { HeadwayError, HistoryGoneError } from '../errors.js'
import type { JobLog } from './job-log.js'
import type { EventPage } from '../store/job-store.js'
import type { LogEvent } from './log-event.js'
import type { Waiter } from './tail.js'

/**
 * Gives a job's events after a cursor: what is stored, then what comes, until the terminal event. This is the only place where
 * replay becomes live; every transport encodes what it yields.
 *
 * No event is missed, because the tail's version is taken before the log is read: whatever was committed after that
 * read has changed the version. None is given twice, because the cursor only moves with what was yielded.
 *
 * @throws HeadwayError JOB_NOT_FOUND; HistoryGoneError when the history after the cursor is gone
 */
export async function* follow(
  log: JobLog,
  id: JobId,
  options: { readonly after: number; readonly signal: AbortSignal },
): AsyncGenerator<readonly LogEvent[], void, void> {
  const { signal } = options
  let cursor = options.after
  let known = false
  let ahead: ReadAhead | undefined
  const tail = log.join(id)
  // One listener for the whole watch: one for every wait would cost more than writing the event to a socket, and even a look at the signal counts.
  const waiter: Waiter = { stopped: signal.aborted, wake: () => undefined }
  const stop = (): void => tail.forget(waiter)
  signal.addEventListener('abort', stop, { once: true })
  try {
    while (!waiter.stopped) {
      const seen = tail.version
      const slice = tail.slice(cursor)
      if (slice !== undefined) {
        known = true
        if (slice.length > 0) {
          yield slice
          cursor = slice.at(-1)?.seq ?? cursor
        } else if (tail.closed) {
          return
        } else {
          await tail.changed(seen, waiter)
        }
        continue
      }
      const page = await (ahead?.after === cursor ? ahead.page : log.readNext(id, cursor))
      if (page === undefined) {
        if (known) throw new HistoryGoneError('pruned', 0, 0)
        throw new HeadwayError('JOB_NOT_FOUND', `There is no job ${id}; it may have been pruned.`)
      }
      known = true
      if (cursor > page.head) throw new HistoryGoneError('ahead', page.earliest - 1, page.head)
      if (page.earliest > cursor + 1) throw new HistoryGoneError('pruned', page.earliest - 1, page.head)
      tail.seed(page.head, page.closed)
      if (page.events.length > 0) {
        ahead = page.next < page.head ? readAhead(log, id, page.next) : undefined
        yield page.events
        cursor = page.next
      } else if (page.closed) {
        return
      } else if (tail.head !== page.head) {
        // The tail is behind the store: a wake-up was lost, or has yet to come.
        log.hint(id)
        await tail.changed(seen, waiter)
      }
    }
  } finally {
    signal.removeEventListener('abort', stop)
    log.leave(id)
  }
}

/** The page after the one that a watcher is being given: the store reads it meanwhile. */
interface ReadAhead {
  readonly after: Seq
  readonly page: Promise<EventPage | undefined>
}

function readAhead(log: JobLog, id: JobId, after: Seq): ReadAhead {
  // A watcher that leaves before it comes needs not know that it failed.
  return { after, page: unheeded(log.readNext(id, after)) }
}
