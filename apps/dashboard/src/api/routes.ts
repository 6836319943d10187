import type { JobTypeInfo, JobTypeList, Stats } from '@headway/protocol'
import { HeadwayClientError } from '@headway/client'
import type { HeadwayClient } from '@headway/client'

/** What a route without a method of its own in the client answers. */
interface Answer {
  readonly data?: unknown
  readonly error?: unknown
  readonly response: Response
}

/** The routes that the dashboard asks besides those of jobs. */
interface Routes {
  GET(path: '/stats' | '/types', options: { readonly signal: AbortSignal }): Promise<Answer>
  POST(path: string, options: { readonly body: FormData }): Promise<Answer>
}

/** The server's figures. */
export async function readStats(client: HeadwayClient, signal: AbortSignal): Promise<Stats> {
  return dataOf(await routesOf(client).GET('/stats', { signal })) as Stats
}

/** The job types that can be created now. */
export async function readTypes(client: HeadwayClient, signal: AbortSignal): Promise<readonly JobTypeInfo[]> {
  return (dataOf(await routesOf(client).GET('/types', { signal })) as JobTypeList).types
}

/**
 * Sends files to the route of a service that makes a job of them.
 *
 * @param path as the job type says it
 * @returns the id of the job
 */
export async function uploadFiles(client: HeadwayClient, path: string, field: string, files: readonly File[]): Promise<string> {
  const body = new FormData()
  for (const file of files) body.append(field, file)
  return (dataOf(await routesOf(client).POST(path, { body })) as { data: { jobId: string } }).data.jobId
}

/** Which upload routes there are is known only when the server has told of its types. */
function routesOf({ http }: HeadwayClient): Routes {
  return http as unknown as Routes
}

/** @throws HeadwayClientError where the answer is no success, whatever dialect it speaks */
function dataOf({ data, error, response }: Answer): unknown {
  if (response.ok) return data
  const said = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly code?: string
    readonly detail?: string
    readonly title?: string
    readonly error?: { readonly code?: string; readonly message?: string }
  }
  throw new HeadwayClientError(
    said.code ?? said.error?.code ?? `HTTP_${response.status}`,
    said.detail ?? said.error?.message ?? said.title ?? `The server answered ${response.status}.`,
    { status: response.status, ...(said.title !== undefined && { problem: said as never }) },
  )
}
