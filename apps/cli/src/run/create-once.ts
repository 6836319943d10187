import { randomUUID } from 'node:crypto'
import { createdJobSchema } from '@headway/protocol'
import type { Job } from '@headway/protocol'
import type { Api } from '../api/api.js'
import { UnreachableError } from '../api/errors.js'

/**
 * Makes a job. With its key the request may be sent again, however the first one ended.
 *
 * @param path of a route that takes an Idempotency-Key
 * @param key a fresh one by default
 * @throws what `Api.request` throws
 */
export async function createOnce(api: Api, path: string, body: unknown, key: string = randomUUID()): Promise<Job> {
  try {
    const headers = { 'Idempotency-Key': key }
    const { job } = await api.request(path, createdJobSchema, { method: 'POST', body, headers, repeatable: true })
    return job
  } catch (error) {
    if (!(error instanceof UnreachableError) || !error.mayHaveArrived) throw error
    const again = `Whether the job was created is not known; the same command with --idempotency-key ${key} makes no second one.`
    throw new UnreachableError(`${error.message}\n${again}`, true)
  }
}
