/** A time about as long, from three quarters of it to five: many nodes that began together spread out. */
export function jittered(ms: number): number {
  return ms * (0.75 + Math.random() / 2)
}
