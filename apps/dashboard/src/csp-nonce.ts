/** Where react-remove-scroll (which Mantine's dialogs use) looks for the nonce of the styles that it writes. */
declare global {
  var __webpack_nonce__: string | undefined
}

/** The nonce of this page's Content-Security-Policy, for the style elements that libraries write; undefined where the page is served without. */
export function cspNonce(): string | undefined {
  const content = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content
  return content === undefined || content === '' || content === '__CSP_NONCE__' ? undefined : content
}

/** Tells libraries that know no property for it. To be called before anything is rendered. */
export function announceNonce(): void {
  globalThis.__webpack_nonce__ = cspNonce()
}
