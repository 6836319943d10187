import { useState } from 'react'
import { useConnection, useHeadway } from '@headway/client/react'
import { JobView } from './job-view'

/** A job, and the token that reads and cancels it. */
interface Started {
  readonly id: string
  readonly token: string
}

/** Where the job is kept, so that the page finds it when it is loaded again. */
const STARTED = 'started'

function lastStarted(): Started | undefined {
  const kept = sessionStorage.getItem(STARTED)
  return kept === null ? undefined : (JSON.parse(kept) as Started)
}

/** Starts a compilation, and shows the one that was started last. */
export function App() {
  const client = useHeadway()
  const { state } = useConnection()
  const [source, setSource] = useState('https://adguardteam.github.io/HostlistsRegistry/assets/filter_1.txt')
  const [started, setStarted] = useState(lastStarted)
  const [error, setError] = useState<string>()

  async function start(): Promise<void> {
    const configuration = { name: 'My list', sources: [{ source }], transformations: ['Deduplicate' as const] }
    try {
      const answer = await client.http.POST('/compile/async', { body: { configuration } })
      setError(answer.error?.error)
      if (answer.data) {
        const { requestId: id, token } = answer.data
        sessionStorage.setItem(STARTED, JSON.stringify({ id, token }))
        setStarted({ id, token })
      }
    } catch (unanswered) {
      setError((unanswered as Error).message)
    }
  }

  return (
    <>
      <h1>Compile a filter list</h1>
      <form action={start}>
        <label>
          Address of a list
          <input type="url" required value={source} onChange={(change) => setSource(change.target.value)} />
        </label>
        <button>Compile</button>
      </form>
      {error !== undefined && <p role="alert">{error}</p>}
      {state === 'reconnecting' && <p role="status">Reconnecting…</p>}
      {started && <JobView key={started.id} {...started} />}
    </>
  )
}
