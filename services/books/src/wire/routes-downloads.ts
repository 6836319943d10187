import { HeadwayError } from '@headway/core'
import { answerJson } from '@headway/server'
import { z } from 'zod'
import { importResultSchema, scanResultSchema } from '../jobs/result.js'
import { jobParamsSchema, resultOf } from './job-answers.js'
import type { JobRouteOptions } from './job-route-options.js'
import { JOB_KINDS, jobPaths } from './kinds.js'

const csvSchema = z.string().meta({
  examples: ['\ufeffTitle,Author,ISBN13,error\r\n,Jane Austen,,missing_title_and_isbn: The row has no title and no valid ISBN.\r\n'],
})
const pictureSchema = z.string().meta({ format: 'binary', examples: ['(the bytes of a JPEG)'] })

/** What of a result is a file of its own. */
export function mountDownloads({ add, kit, jobs }: JobRouteOptions): void {
  add(
    {
      method: 'get',
      path: `${jobPaths('imports').results}/failed.csv`,
      summary: 'The rows that failed, as CSV to mend and send again',
      access: 'job',
      params: jobParamsSchema,
      responses: { 200: { description: 'The file', content: { 'text/csv': csvSchema } } },
      errors: ['JOB_NOT_FOUND', 'NOT_FOUND'],
    },
    'api',
    async (c) => {
      const { failedRows } = importResultSchema.parse(resultOf(await jobs.authorized(c, 'read', JOB_KINDS.imports)))
      if (failedRows === undefined) throw new HeadwayError('NOT_FOUND', 'No row of this import failed.')
      const headers = { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="failed-rows.csv"' }
      return answerJson(c, kit.engine.stores.blobs, [failedRows], 200, headers)
    },
  )
  add(
    {
      method: 'get',
      path: `${jobPaths('scans').results}/annotated/{photo}`,
      summary: 'A photo with what was found in it drawn in, as JPEG',
      access: 'job',
      params: jobParamsSchema.extend({ photo: z.string().describe('`0.jpg` for the first photo') }),
      responses: { 200: { description: 'The picture', content: { 'image/jpeg': pictureSchema } } },
      errors: ['JOB_NOT_FOUND', 'NOT_FOUND'],
    },
    'api',
    async (c) => {
      const { annotated } = scanResultSchema.parse(resultOf(await jobs.authorized(c, 'read', JOB_KINDS.scans)))
      const picture = annotated[Number(/^(\d{1,2})\.jpe?g$/.exec(c.req.param('photo') ?? '')?.[1] ?? -1)]
      if (picture === undefined || picture === null)
        throw new HeadwayError('NOT_FOUND', 'There is no such picture; the first photo is 0.jpg.')
      return answerJson(c, kit.engine.stores.blobs, [picture], 200, { 'Content-Type': 'image/jpeg' })
    },
  )
}
