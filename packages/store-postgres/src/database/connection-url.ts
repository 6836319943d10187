/** Values of `sslmode` that libpq and the driver understand differently; the driver warns of each. */
const UNCLEAR_MODES = ['prefer', 'require', 'verify-ca']

/**
 * The URL as the driver takes it without a warning: it treats these modes as `verify-full` (node-postgres.com/features/ssl), the safest, and so it is
 * said. With `uselibpqcompat=true` they mean what they mean to libpq.
 */
export function connectionUrl(text: string): string {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  const mode = url.searchParams.get('sslmode')
  if (mode === null || !UNCLEAR_MODES.includes(mode) || url.searchParams.get('uselibpqcompat') === 'true') return text
  url.searchParams.set('sslmode', 'verify-full')
  return url.href
}
