/** To the thread: compressed bytes, the end of them, or room for more output. */
export type ToZstdThread = { readonly chunk: Uint8Array } | { readonly end: true } | { readonly more: true }

/** From the thread. `more`: the chunk is not used up, ask for the rest. */
export type FromZstdThread = { readonly output: Uint8Array; readonly more: boolean } | { readonly error: string }
