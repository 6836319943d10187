import { parentPort } from 'node:worker_threads'
import { Decompress } from 'fzstd'
import { BlockSink } from './block-sink.js'
import { ZstdGuard } from './zstd-guard.js'
import type { FromZstdThread, ToZstdThread } from './zstd-messages.js'

/** A run-length block makes 128 KiB of 4 bytes: a slice of this many bytes makes at most 16 MiB. */
const SLICE_BYTES = 512
/** As soon as there is so much output it is handed over, and the rest waits to be asked for. */
const OUTPUT_BYTES = 1024 * 1024

// Decodes zstd where Node itself can't. In a thread of its own, because the decoder is synchronous and its work is in no proportion to what it
// is given; whoever started the thread ends it when the output is too much.
const sink = new BlockSink()
const guard = new ZstdGuard()
const decoder = new Decompress((piece) => {
  sink.append(piece)
})
let rest: Uint8Array = new Uint8Array(0)

parentPort?.on('message', (message: ToZstdThread) => {
  const answer = decode(message)
  parentPort?.postMessage(answer, 'output' in answer ? [answer.output.buffer as ArrayBuffer] : [])
})

function decode(message: ToZstdThread): FromZstdThread {
  try {
    if ('chunk' in message) rest = message.chunk
    while (rest.length > 0 && sink.size < OUTPUT_BYTES) {
      const slice = rest.subarray(0, SLICE_BYTES)
      rest = rest.subarray(slice.length)
      guard.check(slice)
      // A copy: the decoder keeps what it was given, and may keep a whole chunk by a slice of it.
      decoder.push(slice.slice())
    }
    if ('end' in message) decoder.push(new Uint8Array(0), true)
    return { output: sink.take(), more: rest.length > 0 }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
