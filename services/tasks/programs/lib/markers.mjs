/** Whether a Headway runner reads what is printed; for people the markers are left out. */
const isRun = process.env.HEADWAY_RUN !== undefined

/** Between two reports of progress, in milliseconds. */
const EVERY_MS = 200

let last = -Infinity

/** Tells the runner how much is done, 0 to 1; not more often than makes sense. */
export function tellProgress(fraction, message) {
  const now = performance.now()
  if (!isRun || (now - last < EVERY_MS && fraction < 1)) return
  last = now
  console.log(`::progress ${fraction.toFixed(4)} ${message}`)
}

/** Tells the runner what came out of it. */
export function tellResult(value) {
  if (isRun) console.log(`::result ${JSON.stringify(value)}`)
}
