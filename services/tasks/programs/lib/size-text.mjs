const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']

/** A number of bytes for people. */
export function sizeText(bytes) {
  const step = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${step === 0 ? bytes : (bytes / 1024 ** step).toFixed(1)} ${UNITS[step]}`
}

/** `1 file`, `2 files`. */
export function filesText(count) {
  return `${count} ${count === 1 ? 'file' : 'files'}`
}
