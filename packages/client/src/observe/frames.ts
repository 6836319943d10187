/** What is to be done before the next frame, once each. */
const due = new Set<() => readonly (() => void)[]>()
let isAsked = false

/**
 * Has a change shown before the browser's next frame: once, however often it is asked for, and not at all while the page is hidden. All that
 * is due is computed first and told then, so that a component that looks at several things renders once.
 *
 * @param compute brings the change up, and returns whom to tell
 */
export function beforeNextFrame(compute: () => readonly (() => void)[]): void {
  due.add(compute)
  if (isAsked) return
  isAsked = true
  if (typeof requestAnimationFrame === 'function') requestAnimationFrame(flush)
  else setTimeout(flush, FRAME_MS)
}

/** Where there are no frames, as in Node, in milliseconds. */
const FRAME_MS = 16

function flush(): void {
  isAsked = false
  const all = [...due]
  due.clear()
  const listeners = new Set(all.flatMap((compute) => compute()))
  for (const listener of listeners) listener()
}
