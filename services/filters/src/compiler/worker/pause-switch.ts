import type { PauseSwitch } from './types.js'

/** A switch that pauses one compilation in a thread. */
export function createPauseSwitch(): PauseSwitch {
  const word = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const set = (value: number): void => {
    Atomics.store(word, 0, value)
    Atomics.notify(word, 0)
  }
  return { word, pause: () => set(1), resume: () => set(0) }
}
