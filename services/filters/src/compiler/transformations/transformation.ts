/** Lines between two yields: a few milliseconds of work, so that a pause or a cancel is soon heard. */
export const LINES_PER_STEP = 8_192

/**
 * Work that yields now and then how many lines it has done, and gives the new lines in the end. The array that it was given is its own to
 * change.
 */
export type Steps = Generator<number, string[], undefined>

export type Transformation = (lines: string[]) => Steps

/** Calls `work` for pieces of `count` items, from the first to the last, and yields after each how many were done. */
export function* inSteps(count: number, work: (from: number, to: number) => void): Generator<number, void, undefined> {
  for (let from = 0; from < count; from += LINES_PER_STEP) {
    const to = Math.min(from + LINES_PER_STEP, count)
    work(from, to)
    yield to
  }
}

/** The lines that `keep` says yes to. */
export function* filterLines(lines: string[], keep: (line: string) => boolean): Steps {
  let kept = 0
  yield* inSteps(lines.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const line = lines[i] as string
      if (keep(line)) lines[kept++] = line
    }
  })
  lines.length = kept
  return lines
}

/** Every line changed by `change`. */
export function* mapLines(lines: string[], change: (line: string) => string): Steps {
  yield* inSteps(lines.length, (from, to) => {
    for (let i = from; i < to; i++) lines[i] = change(lines[i] as string)
  })
  return lines
}

/**
 * Walks from the last line to the first and drops those that `isBad` condemns, together with the lines right above them that
 * `isAttached` says belong to them.
 */
export function* dropUpwards(
  lines: string[],
  isBad: (line: string, index: number) => boolean,
  isAttached: (line: string) => boolean,
): Steps {
  const count = lines.length
  const dropped = new Uint8Array(count)
  let droppedBelow = false
  let removed = 0
  yield* inSteps(count, (from, to) => {
    for (let n = from; n < to; n++) {
      const i = count - 1 - n
      const line = lines[i] as string
      droppedBelow = isAttached(line) ? droppedBelow : isBad(line, i)
      // Without a branch of its own a line that is dropped, which is rare, makes nothing be optimised anew.
      const isDropped = Number(droppedBelow)
      dropped[i] = isDropped
      removed += isDropped
    }
  })
  if (removed === 0) return lines
  let kept = 0
  for (let i = 0; i < count; i++) if (dropped[i] === 0) lines[kept++] = lines[i] as string
  lines.length = kept
  return lines
}

/**
 * Stores lines that were put together from parts in one piece of memory: what comes after reads them faster and they take less of it. No
 * line has a line feed in it.
 */
export function packLines(lines: string[], from: number, to: number): void {
  const packed = lines.slice(from, to).join('\n').split('\n')
  for (let i = 0; i < packed.length; i++) lines[from + i] = packed[i] as string
}
