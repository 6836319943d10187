import { constants } from 'node:fs'

/** How a regular file is opened for reading: links are not followed, and nobody waits for the writer of a named pipe. */
export const READ_REGULAR = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Whether opening so has failed because of what is there: a link, a socket. */
export function isOtherThanFile(error) {
  return error.code === 'ELOOP' || error.code === 'ENXIO'
}

/** Whether there is nothing. */
export function isMissing(error) {
  return error.code === 'ENOENT' || error.code === 'ENOTDIR'
}
