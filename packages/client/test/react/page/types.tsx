import { createClient } from '@headway/client'
import { HeadwayProvider, useFollow, useJob, useJobs, useSSEStream, useWebSocketStream } from '@headway/client/react'

// Nothing of this runs: the compiler is the test. Wrong uses do not compile.

export function Wrong() {
  const { job, cancel } = useJob('id')
  // @ts-expect-error it may not be there yet
  void job.status
  // @ts-expect-error a reason is a text
  void cancel(7)
  // @ts-expect-error a job has an id
  useJob()
  // @ts-expect-error there is no such status
  useJobs({ status: 'done' })
  const { events } = useFollow('id', { maxEvents: 10 })
  for (const event of events) {
    if (event.type === 'log') void event.data.message
    // @ts-expect-error a reset has no seq
    void event.seq
  }
  // @ts-expect-error events are not the component's to change
  events.push()
  const { result } = useSSEStream(null)
  // @ts-expect-error there is none until the job is completed
  void result.books
  // @ts-expect-error the token may be null, not left out
  useWebSocketStream('url')
  // @ts-expect-error hooks need a client, not options
  return <HeadwayProvider client={{ baseUrl: '' }}>{createClient({ baseUrl: '' }).baseUrl}</HeadwayProvider>
}
