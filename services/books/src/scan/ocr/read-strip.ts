import type { Run } from './models.js'
import { STRIP_HEIGHT } from './sample-line.js'
import type { Strip } from './sample-line.js'

/** What stands on a strip. */
export interface Reading {
  readonly text: string
  /** 0 to 1: mean over the characters. */
  readonly confidence: number
}

/** The class of steps without a character. */
const NOTHING = 0

/**
 * Reads one strip. On a processor, strips cost the same one by one as many at once (measured), without the padding and the memory; and a line that
 * is read at once tells which way up the others are.
 */
export async function readStrip({ data, width }: Strip, recognise: Run, keys: readonly string[]): Promise<Reading> {
  const answer = await recognise(data, [1, 3, STRIP_HEIGHT, width])
  return decode(answer.data, answer.dims.at(-1) ?? 1, keys)
}

/** CTC: of each step its likeliest class; repeats without `nothing` between are one character. */
function decode(steps: Float32Array, classes: number, keys: readonly string[]): Reading {
  let [text, sum, count, last] = ['', 0, 0, NOTHING]
  for (let from = 0; from < steps.length; from += classes) {
    let [best, value] = [0, steps[from] ?? 0]
    for (let key = 1; key < classes; key++) {
      const candidate = steps[from + key] ?? 0
      if (candidate > value) [best, value] = [key, candidate]
    }
    if (best !== NOTHING && best !== last) {
      text += keys[best] ?? ''
      sum += value
      count++
    }
    last = best
  }
  return { text: text.trim(), confidence: count === 0 ? 0 : sum / count }
}
