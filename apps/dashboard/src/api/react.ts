import type { Job } from '@headway/protocol'
import { useCallback, useEffect, useState } from 'react'
import { useServer } from './use-server.js'
import type { JobsQuery } from './server.js'

export function useConnection(): {
  readonly state: 'connecting' | 'live' | 'reconnecting' | 'closed'
  readonly transport?: 'sse' | 'websocket' | 'poll'
} {
  return { state: 'live', transport: 'poll' }
}

interface Listed {
  readonly jobs?: readonly Job[]
  readonly nextCursor?: string | null
  readonly error?: Error
}

export function useJobs(query: JobsQuery): Listed & { readonly loading: boolean; readonly refresh: () => void } {
  const server = useServer()
  const key = JSON.stringify(query)
  const [listed, setListed] = useState<Listed & { readonly key?: string }>({})
  const [round, setRound] = useState(0)
  useEffect(() => {
    const end = new AbortController()
    const ask = async (): Promise<void> => {
      try {
        const { jobs, nextCursor } = await server.list(query, end.signal)
        setListed({ jobs, nextCursor, key })
      } catch (error) {
        if (!end.signal.aborted) setListed((last) => ({ ...last, error: error as Error, key }))
      }
    }
    void ask()
    const timer = setInterval(() => void ask(), 2000)
    return () => {
      end.abort()
      clearInterval(timer)
    }
  }, [server, key, round])
  const current = listed.key === key
  return { ...(current ? listed : {}), loading: !current, refresh: useCallback(() => setRound((n) => n + 1), []) }
}

export function useJob(id: string): { readonly job?: Job; readonly error?: Error } {
  const server = useServer()
  const [job, setJob] = useState<Job>()
  useEffect(() => {
    const ask = async (): Promise<void> => setJob((await server.list({ text: id, limit: 1 })).jobs[0])
    void ask()
    const timer = setInterval(() => void ask(), 1000)
    return () => clearInterval(timer)
  }, [server, id])
  return job === undefined ? {} : { job }
}
