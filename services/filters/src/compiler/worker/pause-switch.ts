import type { PauseSwitch } from './types.js'

const PAUSED = 1

/** A switch that pauses one compilation in a thread. */
export function createPauseSwitch(): PauseSwitch {
  const word = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const listeners = new Set<(paused: boolean) => void>()
  const set = (paused: boolean): void => {
    if (Atomics.exchange(word, 0, paused ? PAUSED : 0) === (paused ? PAUSED : 0)) return
    Atomics.notify(word, 0)
    for (const listener of listeners) listener(paused)
  }
  return {
    word,
    pause: () => set(true),
    resume: () => set(false),
    get isPaused() {
      return Atomics.load(word, 0) === PAUSED
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
