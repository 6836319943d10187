import { expect } from 'vitest'
import { configurationOf, rulesOf, start } from '../../support/start.js'
import type { Running, StartOptions } from '../../support/start.js'

/** What a compilation of bad input comes to. */
export interface Failure {
  readonly status: number
  readonly code: string
  /** A part of the message. */
  readonly says: string
  /** False where it is no source's fault: then no `source:error` is told. */
  readonly ofSource?: false
}

/** The body of a request. */
export interface Body {
  readonly configuration: object
  readonly preFetchedContent?: Readonly<Record<string, string>>
}

/** A server to which each `X-Forwarded-For` is a client of its own. */
export function startForMany(options: StartOptions = {}): Promise<Running> {
  return start({ ...options, server: { trustProxy: ['127.0.0.0/8', '::1'], ...options.server } })
}

let neighbours = 0

/** Another client's small compilation is answered, by compiling: none of them is like an earlier one. */
export async function expectNeighbourAnswered(server: Running): Promise<void> {
  const json = {
    configuration: configurationOf(`Of another client, ${(neighbours += 1)}`, 'own'),
    preFetchedContent: { own: '||neighbour.example^' },
  }
  const answer = await server.ask('/compile', { json, headers: { 'X-Forwarded-For': '198.51.100.7' } })
  expect(answer.status).toBe(200)
  expect(rulesOf((await answer.json()) as Record<string, unknown>)).toEqual(['||neighbour.example^'])
}

/**
 * Compiles over both routes at the same time, and for another client meanwhile and afterwards: the stream tells the failure at the source and at its end, the
 * answer has the same with its status, and nothing tells of the program's insides.
 */
export async function expectFailure(server: Running, json: Body, { status, code, says, ofSource }: Failure): Promise<void> {
  const stream = await server.stream('/compile/stream', { json })
  const [answer] = await Promise.all([server.ask('/compile', { json }), expectNeighbourAnswered(server), stream.ended])
  const failure = { success: false, code, error: expect.stringContaining(says) as string }
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status, body: failure })
  expect(stream.names.slice(-2)).toEqual(['error', 'done'])
  expect((await stream.seen('error')).data).toMatchObject(failure)
  expect((await stream.seen('done')).data).toEqual({ success: false, status: 'failed' })
  const errors = stream.events.filter(({ event }) => event === 'source:error').map(({ data }) => data['error'])
  if (ofSource === false) expect(errors).toEqual([])
  else expect(errors).toEqual([failure.error])
  expect(JSON.stringify(stream.events)).not.toMatch(/\bat .*\.[jt]s:\d+|node_modules/)
  await expectNeighbourAnswered(server)
}

/**
 * What can be seen from the request alone is refused at once, with a pointer to the field; what only shows when it is used, then, with the code. The answer is the
 * same over both routes, and another client is answered meanwhile.
 */
export async function expectRefused(
  server: Running,
  json: Body,
  { code, pointer }: { readonly code: string; readonly pointer: string },
): Promise<void> {
  const [answer] = await Promise.all([server.ask('/compile', { json }), expectNeighbourAnswered(server)])
  const body = (await answer.json()) as { readonly code: string; readonly errors?: readonly { readonly pointer: string }[] }
  expect(body).toMatchObject({ success: false, error: expect.any(String) as string })
  const streamed = await server.ask('/compile/stream', { json })
  if (answer.status === 400) {
    expect(body.code).toBe('VALIDATION_ERROR')
    expect(body.errors?.map((error) => error.pointer)).toContain(pointer)
    expect(await streamed.json()).toEqual(body)
  } else {
    expect({ status: answer.status, code: body.code }).toEqual({ status: 422, code })
    expect(await streamed.text()).toContain(`"code":"${code}"`)
  }
  await expectNeighbourAnswered(server)
}

/** Compiles over both routes, and for another client meanwhile; gives the rules without comments. */
export async function expectList(server: Running, json: Body): Promise<string[]> {
  const stream = await server.stream('/compile/stream', { json })
  const [answer] = await Promise.all([server.ask('/compile', { json }), expectNeighbourAnswered(server), stream.ended])
  expect(answer.status).toBe(200)
  const rules = rulesOf((await answer.json()) as Record<string, unknown>)
  expect(stream.names.slice(-2)).toEqual(['result', 'done'])
  expect(rulesOf((await stream.seen('result')).data)).toEqual(rules)
  expect((await stream.seen('done')).data).toEqual({ success: true, status: 'completed' })
  return rules
}
