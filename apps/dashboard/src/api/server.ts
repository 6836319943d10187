import type { CreatedJob, Job, JobPage, JobStatus, JobTypeList, Json, Problem, Stats } from '@headway/protocol'

export interface JobsQuery {
  readonly type?: readonly string[]
  readonly status?: readonly JobStatus[]
  readonly text?: string
  readonly createdAfter?: Date
  readonly createdBefore?: Date
  readonly limit?: number
  readonly cursor?: string
}

/** The server said no, or nothing at all (then without `status`). */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly status: number | undefined
  readonly problem: Problem | undefined

  constructor(message: string, status?: number, problem?: Problem, cause?: unknown) {
    super(message, { cause })
    this.status = status
    this.problem = problem
  }
}

export interface ServerOptions {
  readonly baseUrl: string
  readonly apiKey: string
  /** Called when an answer says that the key is not valid. */
  readonly refused: () => void
}

/** What the pages ask of the server. */
export class Server {
  readonly #options: ServerOptions

  constructor(options: ServerOptions) {
    this.#options = options
  }

  list(query: JobsQuery, signal?: AbortSignal): Promise<JobPage> {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query) as [string, unknown][]) {
      if (value === undefined) continue
      if (Array.isArray(value) ? value.length > 0 : value !== '')
        search.set(name, value instanceof Date ? value.toISOString() : String(value as string | number))
    }
    return this.#ask(`jobs?${search}`, { signal: signal ?? null })
  }

  get(id: string, signal?: AbortSignal): Promise<Job> {
    return this.#ask(`jobs/${id}`, { signal: signal ?? null })
  }

  create(type: string, input: Json): Promise<CreatedJob> {
    return this.#ask(`jobs/${encodeURIComponent(type)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
      body: JSON.stringify(input),
    })
  }

  /** Sends files to a route of a service. @returns the id of the job that they make */
  async upload(path: string, field: string, files: readonly File[]): Promise<string> {
    const body = new FormData()
    for (const file of files) body.append(field, file)
    const { data } = await this.#ask<{ data: { jobId: string } }>(path.replace(/^\//, ''), { method: 'POST', body })
    return data.jobId
  }

  stats(signal?: AbortSignal): Promise<Stats> {
    return this.#ask('stats', { signal: signal ?? null })
  }

  types(signal?: AbortSignal): Promise<JobTypeList> {
    return this.#ask('types', { signal: signal ?? null })
  }

  async #ask<T>(path: string, init: RequestInit): Promise<T> {
    const { baseUrl, apiKey, refused } = this.#options
    let response: Response
    try {
      const headers = { Accept: 'application/json', 'X-API-Key': apiKey, ...(init.headers as Record<string, string> | undefined) }
      response = await fetch(new URL(path, baseUrl), { ...init, headers })
    } catch (error) {
      if (init.signal?.aborted === true) throw error
      throw new ServerError('The server does not answer.', undefined, undefined, error)
    }
    if (response.ok) return (await response.json()) as T
    if (response.status === 401) refused()
    const problem = (await response.json().catch(() => undefined)) as Problem | undefined
    throw new ServerError(problem?.detail ?? problem?.title ?? `The server answered ${response.status}.`, response.status, problem)
  }
}
