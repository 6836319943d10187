import { createdJobSchema, jobSchema, problemSchema } from '@headway/protocol'
import type { CreatedJob, Job, Problem } from '@headway/protocol'
import { expect } from 'vitest'
import type { TestServer } from './start.js'

export async function createdJob(answer: Response): Promise<CreatedJob> {
  expect([200, 201]).toContain(answer.status)
  return createdJobSchema.parse(await answer.json())
}

export async function jobOf(answer: Response): Promise<Job> {
  expect([200, 202]).toContain(answer.status)
  return jobSchema.parse(await answer.json())
}

/** The problem document of an answer, whose headers and members fit each other. */
export async function problemOf(answer: Response): Promise<Problem> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  const problem = problemSchema.parse(await answer.json())
  expect(problem.status).toBe(answer.status)
  expect(problem.type).toBe(`/problems/${problem.code}`)
  expect(problem.requestId).toBe(answer.headers.get('x-request-id'))
  expect(JSON.stringify(problem)).not.toMatch(/\bat .*\.(ts|js):\d+/)
  return problem
}

/** Creates a job and waits for its end. */
export async function finishedJob(server: TestServer, type = 'count', input: unknown = { to: 3 }): Promise<CreatedJob> {
  const made = await createdJob(await server.ask(`/jobs/${type}`, { json: input, headers: { prefer: 'wait=20' } }))
  expect(made.job.status).toBe('completed')
  return made
}

/** Waits until a job has that status. */
export async function untilStatus(server: TestServer, id: string, status: string): Promise<Job> {
  for (;;) {
    const job = await jobOf(await server.ask(`/jobs/${id}`))
    if (job.status === status) return job
    // A poll that comes back with the next event, or soon.
    await server.ask(`/jobs/${id}/events?after=${job.head}&wait=0.2`).then((answer) => answer.arrayBuffer())
  }
}
