/** A name or an address, with a port. */
const IS_HOST = /^[\w.:[\]-]+$/

/**
 * What a page may do (Content Security Policy, level 3): run what comes from here and nothing that stands in the page, talk to this server
 * only, and be in no frame. Pictures may come from anywhere, because covers of books do.
 *
 * @param nonce of styles that scripts put into the page
 * @param host of this server, with its port: to some browsers `'self'` is no WebSocket. What has no form of one is left out: it may be what a
 *   client said
 */
export function contentPolicy(nonce: string, host: string): string {
  const sockets = IS_HOST.test(host) ? ` ws://${host} wss://${host}` : ''
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    `connect-src 'self'${sockets}`,
    "img-src 'self' data: blob: https:",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
