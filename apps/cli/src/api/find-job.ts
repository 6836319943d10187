import { jobIdSchema, jobPageSchema, jobSchema } from '@headway/protocol'
import type { Job } from '@headway/protocol'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import type { Api } from './api.js'

const SHORTEST_PREFIX = 4
/** The most jobs that are looked through for a prefix: the server's largest page. */
const SEARCH_LIMIT = 200

/**
 * The job of an id, or of the beginning of one.
 *
 * @throws CommandError when there is none, or several begin so; what `Api.request` throws
 */
export async function findJob(api: Api, text: string): Promise<Job> {
  const id = jobIdSchema.safeParse(text)
  if (id.success) return getJob(api, id.data)
  const prefix = text.toLowerCase()
  if (!/^[0-9a-f-]+$/.test(prefix) || prefix.length < SHORTEST_PREFIX) {
    throw new CommandError(`"${text}" is no id of a job: give a whole id, or at least its first ${SHORTEST_PREFIX} characters.`, EXIT.usage)
  }
  const { jobs } = await api.request('jobs', jobPageSchema, { query: { text: prefix, limit: String(SEARCH_LIMIT) } })
  const found = jobs.filter((job) => job.id.startsWith(prefix))
  const [job, other] = found
  if (job === undefined) throw new CommandError(`There is no job whose id begins with "${prefix}".`, EXIT.failed)
  if (other === undefined) return job
  const which = found.map(({ id: one, type, status }) => `  ${one}  ${type}  ${status}`).join('\n')
  throw new CommandError(`The ids of several jobs begin with "${prefix}":\n${which}`, EXIT.usage)
}

/** @throws what `Api.request` throws */
export function getJob(api: Api, id: string): Promise<Job> {
  return api.request(`jobs/${id}`, jobSchema)
}
