/**
 * The chunks of an answer's body, until it ends or the signal is aborted.
 *
 * The signal that `fetch` was given does not do: Node 20 forgets its listener with the request, once the answer is there and the garbage
 * collector has run, and a body that says nothing would then be waited for without end.
 */
export async function* chunksOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  const reader = body.getReader()
  const stop = (): void => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (signal.aborted) return
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}
