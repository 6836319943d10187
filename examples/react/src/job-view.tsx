import { useFollow, useJob } from '@headway/client/react'

/** A job as it is now: how far it is, and what it says. */
export function JobView({ id, token }: { readonly id: string; readonly token: string }) {
  const { job, error, cancel } = useJob(id, { token })
  const { events } = useFollow(id, { token })
  if (!job) return error ? <p role="alert">{error.message}</p> : <p>Loading…</p>

  const { progress, status } = job
  const isOver = status === 'completed' || status === 'failed' || status === 'cancelled'
  return (
    <section>
      <h2>{status}</h2>
      <progress value={isOver ? 1 : (progress?.done ?? 0)} max={isOver ? 1 : (progress?.total ?? 1)} />
      {!isOver && <button onClick={() => void cancel()}>Cancel</button>}
      <ol>{events.map((event) => event.type === 'log' && <li key={event.seq}>{event.data.message}</li>)}</ol>
      {error && <p role="alert">{error.message}</p>}
      {job.error && <p role="alert">{job.error.message}</p>}
    </section>
  )
}
