/** Shared between the scanner and its thread: whether the thread is to stop. */
export type StopFlag = Int32Array<SharedArrayBuffer>

export function createStopFlag(): StopFlag {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
}

export function requestStop(flag: StopFlag): void {
  Atomics.store(flag, 0, 1)
}

export function isStopRequested(flag: StopFlag): boolean {
  return Atomics.load(flag, 0) === 1
}
