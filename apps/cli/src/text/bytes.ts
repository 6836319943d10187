const STEP = 1024
const UNITS = ['KiB', 'MiB', 'GiB']

/** A size as people say it: `0 bytes`, `1.4 KiB`, `23 MiB`. */
export function shortBytes(bytes: number): string {
  let [size, unit] = [bytes, 'bytes']
  for (const next of UNITS) {
    if (size < STEP) break
    size /= STEP
    unit = next
  }
  return `${unit === 'bytes' || size >= 9.95 ? Math.round(size) : size.toFixed(1)} ${unit}`
}
