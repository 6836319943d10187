import { jobPageSchema } from '@headway/protocol'
import type { JobStatus } from '@headway/protocol'
import { openApi } from '../api/api.js'
import type { Api } from '../api/api.js'
import { describedTypes } from '../run/type-schema.js'
import { shortDuration } from '../text/duration.js'

export interface Suggestion {
  readonly value: string
  readonly description: string
}

/** What a server has to offer for a command line. */
export interface Suggestions {
  readonly types: readonly Suggestion[]
  /** Of the type that was typed: `name=`. */
  readonly params: readonly Suggestion[]
  readonly jobs: readonly Suggestion[]
}

export const NOTHING: Suggestions = { types: [], params: [], jobs: [] }

/** Whoever presses Tab does not wait longer, in milliseconds. */
const TIME_LIMIT_MS = 1500
const JOBS_LIMIT = 50

/** Which jobs a command is for; undefined: all. Commands that are not here are for no job. */
const JOBS_OF: Readonly<Record<string, readonly JobStatus[] | undefined>> = {
  watch: undefined,
  token: undefined,
  cancel: ['queued', 'running', 'paused'],
  pause: ['queued', 'running'],
  resume: ['paused'],
  retry: ['completed', 'failed', 'cancelled'],
}

/** Asks the server that the words name for what fits. Nothing is offered where it is not there, slow or refuses. */
export async function askServer(command: string, words: readonly string[]): Promise<Suggestions> {
  const signal = AbortSignal.timeout(TIME_LIMIT_MS)
  try {
    const api = await openApi({ ...flag(words, '--url', 'url'), ...flag(words, '--key-file', 'keyFile') })
    if (Object.hasOwn(JOBS_OF, command)) return { ...NOTHING, jobs: await recentJobs(api, JOBS_OF[command], signal) }
    if (command !== 'run' && command !== 'jobs') return NOTHING
    const types = await describedTypes(api, signal)
    const typed = types.find(({ name }) => words.includes(name))
    return {
      ...NOTHING,
      types: types.map(({ name, description }) => ({ value: name, description })),
      params: [...(typed?.properties ?? [])].map(([name, { description }]) => ({ value: `${name}=`, description: description ?? '' })),
    }
  } catch {
    return NOTHING
  }
}

async function recentJobs(api: Api, statuses: readonly JobStatus[] | undefined, signal: AbortSignal): Promise<Suggestion[]> {
  const { jobs } = await api.request('jobs', jobPageSchema, { query: { status: statuses?.join(','), limit: String(JOBS_LIMIT) }, signal })
  return jobs.map(({ id, type, status, createdAt }) => ({
    value: id,
    description: `${type}, ${status}, ${shortDuration(Date.now() - Date.parse(createdAt))} old`,
  }))
}

function flag(words: readonly string[], name: string, key: 'url' | 'keyFile'): { readonly url?: string; readonly keyFile?: string } {
  const value = words[words.indexOf(name) + 1]
  return words.includes(name) && value !== undefined ? { [key]: value } : {}
}
