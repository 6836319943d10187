import {
  createdJobSchema,
  eventPageSchema,
  jobErrorSchema,
  jobEventSchema,
  jobPageSchema,
  jobSchema,
  jobTypeInfoSchema,
  jobTypeListSchema,
  resetSchema,
  statsSchema,
  ticketSchema,
} from '@headway/protocol'
import { z } from 'zod'
import { jobIdSchema } from '@headway/protocol'
import { nameSchema } from '../openapi/json-schema.js'
import {
  EXAMPLE_BASE,
  EXAMPLE_CREATED,
  EXAMPLE_JOB,
  EXAMPLE_JOB_ID,
  EXAMPLE_JOB_TYPE,
  EXAMPLE_STATS,
  EXAMPLE_TIME,
  EXAMPLE_TOKEN,
  exampleEvent,
} from './examples.js'

/** The job that a path names. */
export const jobParamsSchema = z.object({ id: jobIdSchema.describe('The id of the job').meta({ examples: [EXAMPLE_JOB_ID] }) })

nameSchema('JobError', jobErrorSchema, { description: 'Why a job failed: `code` is stable and for programs, `message` is for people' })
nameSchema('Job', jobSchema, { description: 'One run of a job type. Times are ISO 8601 in UTC', example: EXAMPLE_JOB })
nameSchema('CreatedJob', createdJobSchema, { description: 'The answer to a creation', example: EXAMPLE_CREATED })
nameSchema('JobPage', jobPageSchema, { description: 'A page of jobs, newest first', example: { jobs: [EXAMPLE_JOB], nextCursor: null } })
nameSchema('JobEvent', jobEventSchema, {
  description: "One entry of a job's log",
  example: exampleEvent(4, 'number', { number: 2 }),
})
nameSchema('Reset', resetSchema, {
  description: 'The history after the cursor is gone: throw away what you have of the job. It is said by a stream and is never in a log',
  example: { type: 'reset', reason: 'pruned', after: 0, head: 0 },
})
nameSchema('EventPage', eventPageSchema, {
  description: "A page of a job's log",
  example: { events: [exampleEvent(6, 'completed', { result: { counted: 3 } })], next: 6, head: 6, closed: true },
})
nameSchema('Ticket', ticketSchema, {
  description: "A URL that reads one job's stream without any header, until it expires",
  example: { eventsUrl: `${EXAMPLE_BASE}/jobs/${EXAMPLE_JOB_ID}/events?ticket=${EXAMPLE_TOKEN}`, expiresAt: EXAMPLE_TIME },
})
nameSchema('JobType', jobTypeInfoSchema, { description: 'A job type, with all that a form needs', example: EXAMPLE_JOB_TYPE })
nameSchema('JobTypeList', jobTypeListSchema, {
  description: 'The job types that can be created now, by name',
  example: { types: [EXAMPLE_JOB_TYPE] },
})
nameSchema('Stats', statsSchema, { description: 'What goes on', example: EXAMPLE_STATS })
