import { randomBytes } from 'node:crypto'

const PART = /^\.headway-part-[0-9a-f]{16}$/

/** A name for a file that is being written, in the folder where it will be renamed. */
export function newPartName() {
  return `.headway-part-${randomBytes(8).toString('hex')}`
}

/** Whether a path is that of a file that was being written. */
export function isPart(path) {
  return PART.test(path.slice(path.lastIndexOf('/') + 1))
}
