import { StrictMode, useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { createClient } from '@headway/client'
import { HeadwayProvider, useConnection, useFollow, useJob, useJobs, useSSEStream, useWebSocket } from '@headway/client/react'
import type { Asked, View } from './asked.js'

declare global {
  var asked: Asked
}

const apiKey = new URLSearchParams(location.hash.slice(1)).get('key')
const client = createClient({ baseUrl: location.origin, ...(apiKey !== null && { apiKey }), shareTabs: false })
const commits: Record<string, number> = {}

function useCommits(kind: string): void {
  useEffect(() => {
    commits[kind] = (commits[kind] ?? 0) + 1
  })
}

/** Shows JSON for the test to read. */
function Shown({ name, value }: { readonly name: string; readonly value: unknown }): ReactElement {
  return <output id={name}>{JSON.stringify(value)}</output>
}

interface Watched {
  readonly id: string
  readonly token?: string
}

function Following({ id, token }: Watched): ReactElement {
  const { events, dropped, ended, cursor } = useFollow(id, { maxEvents: 500, ...(token && { token }) })
  useCommits('follow')
  const seqs = events.flatMap((event) => (event.type === 'reset' ? [] : event.seq))
  const isDense = seqs.every((seq, index) => index === 0 || seq === (seqs[index - 1] ?? 0) + 1)
  return <Shown name="follow" value={{ first: seqs[0], last: seqs.at(-1), dropped, isDense, ended, cursor }} />
}

function OneJob({ id, token }: Watched): ReactElement {
  const { job, error, connection, pause, resume, cancel, refresh } = useJob(id, token ? { token } : {})
  useCommits('job')
  return (
    <>
      <Shown name="job" value={{ status: job?.status, head: job?.head, error: error?.message, connection }} />
      <button onClick={() => void pause()}>pause</button>
      <button onClick={() => void resume()}>resume</button>
      <button onClick={() => void cancel('enough')}>cancel</button>
      <button onClick={refresh}>refresh</button>
    </>
  )
}

function AllJobs({ type }: { readonly type: string }): ReactElement {
  const { jobs, loading } = useJobs({ type, limit: 5 })
  return <Shown name="jobs" value={{ loading, jobs: jobs?.map(({ id, status }) => [id, status]) }} />
}

function Stream({ url }: { readonly url: string }): ReactElement {
  const { progress, status, result, error } = useSSEStream(url)
  return <Shown name="sse" value={{ progress, status, books: result?.books?.length, error: error?.message }} />
}

function Socket({ url, token }: { readonly url: string; readonly token: string }): ReactElement {
  const { progress, connected, canceled, cancel } = useWebSocket(url, token)
  return (
    <>
      <Shown name="socket" value={{ progress, connected, canceled }} />
      <button onClick={cancel}>cancel</button>
    </>
  )
}

function ViewOf({ kind, id = '', token = '' }: View): ReactElement {
  if (kind === 'follow') return <Following id={id} token={token} />
  if (kind === 'job') return <OneJob id={id} token={token} />
  if (kind === 'jobs') return <AllJobs type={id || 'gated'} />
  return kind === 'sse' ? <Stream url={id} /> : <Socket url={id} token={token} />
}

function Page(): ReactElement {
  const [views, setViews] = useState<readonly View[]>([])
  useEffect(() => {
    asked.show = setViews
  }, [])
  return (
    <>
      <Connected />
      {views.map(({ key, ...view }) => (
        <ViewOf key={key} {...view} />
      ))}
    </>
  )
}

function Connected(): ReactElement {
  return <Shown name="connection" value={useConnection().state} />
}

globalThis.asked = { show: () => undefined, close: () => client.close(), commits, frames: 0 }
const count = (): void => {
  asked.frames += 1
  requestAnimationFrame(count)
}
count()
createRoot(document.body.appendChild(document.createElement('main'))).render(
  <StrictMode>
    <HeadwayProvider client={client}>
      <Page />
    </HeadwayProvider>
  </StrictMode>,
)
