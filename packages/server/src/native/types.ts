import type { JobType } from '@headway/core'
import { jobTypeListSchema, ROUTES } from '@headway/protocol'
import type { JobTypeInfo } from '@headway/protocol'
import { z } from 'zod'
import type { ServerApp } from '../context.js'
import type { ServerKit } from '../kit.js'
import { addRoute } from '../openapi/add-route.js'
import { convertSchema } from '../openapi/convert-schema.js'
import { JOBS_TAG } from './tags.js'

const DRAFT_7 = 'http://json-schema.org/draft-07/schema#'

/** `GET /types`: the job types that can be created, with all that a form needs. */
export function mountTypes(app: ServerApp, kit: ServerKit): void {
  // Types come and go while the server runs; each is described once.
  const described = new WeakMap<JobType, JobTypeInfo>()
  const infoOf = (type: JobType): JobTypeInfo => {
    let info = described.get(type)
    if (info === undefined) described.set(type, (info = describe(type)))
    return info
  }
  addRoute(
    app,
    {
      method: 'get',
      path: ROUTES.types,
      tags: [JOBS_TAG.name],
      summary: 'List the job types, with the schema of their input',
      access: 'key',
      responses: {
        200: { description: 'The job types that can be created now, by name', content: { 'application/json': jobTypeListSchema } },
      },
    },
    kit.rateLimit('api'),
    async (c) => {
      await kit.requireRole(c, 'read')
      const types = [...kit.engine.jobTypes.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
      return c.json({ types: types.map(infoOf) })
    },
  )
}

function describe(type: JobType): JobTypeInfo {
  const { name, title, description, creation = { kind: 'native' } } = type
  return {
    name,
    service: type.service ?? 'custom',
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    pausable: type.pausable === true,
    input: creation.kind === 'upload' ? null : inputSchemaOf(type),
    create: creation,
  }
}

function inputSchemaOf({ input, shownInput = input }: JobType): NonNullable<JobTypeInfo['input']> {
  if (!(shownInput instanceof z.ZodType)) return shownInput
  const { definitions = {}, ...schema } = convertSchema(shownInput, 'input', 'draft-7')
  // What zod writes is JSON.
  return { $schema: DRAFT_7, ...schema, ...(Object.keys(definitions).length > 0 && { definitions }) } as NonNullable<JobTypeInfo['input']>
}
