import { createClient } from '@headway/client'
import type { FollowedEvent, HeadwayClient } from '@headway/client'
import type { Job, Json, Progress } from '@headway/protocol'
import { expectTypeOf, test } from 'vitest'

// Nothing of this runs: the compiler is the test.
test('wrong uses of the client do not compile', () => {
  void (async (client: HeadwayClient) => {
    createClient({ baseUrl: '', token: async ({ expired }) => String(expired) })
    // @ts-expect-error no server
    createClient({ apiKey: 'key' })
    // @ts-expect-error there is no such transport
    createClient({ baseUrl: '', transport: 'carrier-pigeon' })
    expectTypeOf(client.jobs.get('id')).resolves.toEqualTypeOf<Job>()
    expectTypeOf(client.jobs.result('id')).resolves.toEqualTypeOf<Json>()
    // @ts-expect-error a function is no JSON
    await client.jobs.create('count', { to: () => 1 })
    // @ts-expect-error there is no such status
    await client.jobs.list({ status: 'done' })
    // @ts-expect-error a time is a Date
    await client.jobs.list({ createdAfter: '2026-01-01' })
  })
})

test('an event tells by its type what its data is', () => {
  void (async (client: HeadwayClient) => {
    for await (const event of client.jobs.follow('id')) {
      if (event.type === 'progress') expectTypeOf(event.data).toEqualTypeOf<Progress>()
      if (event.type === 'log') expectTypeOf(event.data.level).toEqualTypeOf<'debug' | 'info' | 'warn' | 'error'>()
      if (event.type === 'failed') expectTypeOf(event.data.error.code).toEqualTypeOf<string>()
      if (event.type === 'reset') expectTypeOf(event.reason).toEqualTypeOf<'pruned' | 'ahead'>()
      // @ts-expect-error a reset is no event of the log
      void event.seq
      // @ts-expect-error it was not declared
      if (event.type === 'page:read') break
      // @ts-expect-error not every event has it
      void event.data.level
    }
    for await (const event of client.jobs.follow<{ 'page:read': { title: string } }>('id')) {
      if (event.type === 'page:read') expectTypeOf(event.data.title).toEqualTypeOf<string>()
    }
    const follow = client.jobs.follow<Record<string, Json>>('id')
    follow.subscribe((events) => expectTypeOf(events).toEqualTypeOf<readonly FollowedEvent<Record<string, Json>>[]>())
    // @ts-expect-error where it is, only the server tells
    follow.cursor = 3
  })
})

test('wrong uses of the routes do not compile', () => {
  void (async ({ http }: HeadwayClient) => {
    const { data, error } = await http.GET('/jobs/{id}', { params: { path: { id: '1' } } })
    expectTypeOf(data?.status).toEqualTypeOf<Job['status'] | undefined>()
    expectTypeOf(error?.code).toEqualTypeOf<string | undefined>()
    // @ts-expect-error there is no such route
    await http.GET('/job/{id}', {})
    // @ts-expect-error the id is missing
    await http.GET('/jobs/{id}', {})
    // @ts-expect-error it is not deleted
    await http.DELETE('/jobs/{id}', { params: { path: { id: '1' } } })
  })
})
