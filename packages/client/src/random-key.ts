/** A key that nobody else has: 32 hexadecimal digits. Also where a page has no `crypto.randomUUID`, as without TLS. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
