import { expectTypeOf, test } from 'vitest'
import { createBooksTrackClient, createSSEStream, createWebSocketStream } from '@headway/client/books'
import type { SSEProgressEvent } from '@headway/client/books'
import { compileStream } from '@headway/client/filters'
import type { CompiledList } from '@headway/client/filters'
import { runTask } from '@headway/client/tasks'

// Nothing of this runs: the compiler is the test.
test('wrong uses of the books’ surface do not compile', () => {
  void (async () => {
    const client = createBooksTrackClient({ baseUrl: 'https://example.com' })
    const { data, error } = await client.GET('/v3/books/{isbn}', { params: { path: { isbn: '9780439708180' } } })
    expectTypeOf(data?.data.title).toEqualTypeOf<string | undefined>()
    expectTypeOf(error?.error.code).toEqualTypeOf<string | undefined>()
    await client.POST('/v3/jobs/imports', { body: { file: new Blob([]) } })
    // @ts-expect-error there is no such route
    await client.GET('/v3/books')
    // @ts-expect-error the route is another service's
    await client.POST('/compile', {})
    // @ts-expect-error the ISBN is missing
    await client.GET('/v3/books/{isbn}', {})
    // @ts-expect-error there is no such mode
    await client.GET('/v3/books/search', { params: { query: { q: 'emma', mode: 'guess' } } })
    // @ts-expect-error a file is no text
    await client.POST('/v3/jobs/imports', { body: { file: 'Title' } })

    const stream = createSSEStream({
      sseUrl: '',
      onComplete: ({ books }) => expectTypeOf(books).toEqualTypeOf<SSEProgressEvent['books']>(),
    })
    // @ts-expect-error a stream over SSE can not cancel
    stream.cancel()
    // @ts-expect-error without a URL
    createSSEStream({ onProgress: () => undefined })
    createWebSocketStream({
      websocketUrl: '',
      onProgress: (message) => expectTypeOf(message.type).toEqualTypeOf<'progress' | 'book_enriched'>(),
    })
    // @ts-expect-error its `ws` can not be taken for a whole WebSocket
    const socket: WebSocket = createWebSocketStream({ websocketUrl: '' }).ws
    void socket
  })
})

test('wrong uses of compilations and tasks do not compile', () => {
  void (async () => {
    const compilation = compileStream({ name: 'Mine', sources: [{ source: 'a' }] }, { baseUrl: '' })
    expectTypeOf(compilation.result()).resolves.toEqualTypeOf<CompiledList>()
    for await (const message of compilation) {
      if (message.event === 'progress') expectTypeOf(message.data.current).toEqualTypeOf<number>()
      // @ts-expect-error there is no such event
      if (message.event === 'finished') break
      // @ts-expect-error not every message has it
      void message.data.current
    }
    // @ts-expect-error a source is an object
    compileStream({ name: 'Mine', sources: ['a'] }, { baseUrl: '' })
    // @ts-expect-error there is no such transformation
    compileStream({ name: 'Mine', sources: [], transformations: ['Sort'] }, { baseUrl: '' })
    // @ts-expect-error no server
    compileStream({ name: 'Mine', sources: [] }, {})

    const task = runTask('check-integrity', { version: 'v885' }, { baseUrl: '' })
    for await (const message of task) {
      if (message.type === 'log') expectTypeOf(message.log.message).toEqualTypeOf<string>()
      // @ts-expect-error an update has no line
      if (message.type === 'update') void message.log
    }
    // @ts-expect-error parameters are an object
    runTask('check-integrity', 'v885', { baseUrl: '' })
  })
})
