/** The promise, or a rejection with the signal's reason as soon as that is aborted: for what may never end by itself. */
export async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const over = new AbortController()
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_resolve, reject) => {
        const onAbort = (): void => reject(signal.reason as Error)
        if (signal.aborted) onAbort()
        else signal.addEventListener('abort', onAbort, { once: true, signal: over.signal })
      }),
    ])
  } finally {
    over.abort()
  }
}
