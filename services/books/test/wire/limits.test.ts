import { expect, test } from 'vitest'
import { start, textsOf } from '../support/start.js'

const BOOKS = { json: { books: [{ title: 'Emma' }] } }

test('the status of each job has a limit of its own, for each address', async () => {
  const limits = { 'books-status': { requests: 3, windowSeconds: 60 } }
  const { ask, json } = await start({ server: { limits } })
  const ids: string[] = []
  for (let n = 0; n < 2; n += 1) ids.push(textsOf((await json('/v1/enrichment/batch', BOOKS)).data, 'jobId').jobId)
  for (const id of ids) {
    const paths = [`/v1/jobs/${id}/status`, `/v3/jobs/enrichment/${id}`, `/v1/jobs/${id.toUpperCase()}/status`, `/v1/jobs/${id}/status`]
    const answers: Response[] = []
    for (const path of paths) answers.push(await ask(path))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"books-status";q=3;w=60')
  }
  const guesses = await Promise.all(['one', 'two', 'three', 'four'].map((id) => ask(`/v1/jobs/${id}/status`)))
  expect(guesses.filter(({ status }) => status === 404)).toHaveLength(3)
  expect(guesses.filter(({ status }) => status === 429)).toHaveLength(1)
})
