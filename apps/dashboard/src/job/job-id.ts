const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/**
 * Whether something can be the id of a job: a UUID (RFC 9562). What is none must not be followed: all that a page follows goes over one
 * connection, and the server refuses a request with such an id as a whole.
 */
export function isJobId(text: string): boolean {
  return UUID.test(text)
}
