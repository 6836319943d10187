/**
 * Progress of a part as progress of the whole.
 *
 * @param {(fraction: number, message: string) => void} onProgress
 */
export function scale(onProgress, from, to) {
  return (fraction, message) => onProgress(from + (to - from) * fraction, message)
}
