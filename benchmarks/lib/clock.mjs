/** Seconds of the machine's monotonic clock: the same for all processes. */
export function seconds() {
  return Number(process.hrtime.bigint()) / 1e9
}
