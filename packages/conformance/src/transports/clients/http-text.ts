/** Fetches a stream and gives its text piece by piece; the connection is cut when the reader leaves. */
export async function* textOf(
  url: URL,
  headers: Readonly<Record<string, string>>,
  check: (response: Response) => Promise<void>,
  init: Pick<RequestInit, 'method' | 'body'> = {},
): AsyncGenerator<string, void, void> {
  const controller = new AbortController()
  try {
    const response = await fetch(url, { ...init, headers, signal: controller.signal })
    await check(response)
    if (response.body === null) return
    const decoder = new TextDecoder('utf-8', { fatal: true })
    for await (const bytes of response.body) yield decoder.decode(bytes as Uint8Array, { stream: true })
  } finally {
    controller.abort()
  }
}
