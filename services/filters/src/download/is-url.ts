/**
 * Whether a source is a URL: white space aside, it begins with a scheme and a colon (`https://...`, `http:host/...`, `ftp:`, `data:`). The
 * downloader says which schemes it takes. All else is a path, or the name of a pre-fetched text. A scheme has two characters at least, so
 * that `C:\lists` is a path; a file whose name looks like a URL is reached as `./name:1.txt`.
 *
 * The one answer for the compiler, the downloader and the command line: what one of them loaded as a URL and another showed as a path would
 * show its secrets.
 */
export function isUrl(source: string): boolean {
  return schemeOf(source) !== undefined
}

/** The scheme with its colon, in lower case; undefined for what is no URL (see {@link isUrl}). */
export function schemeOf(source: string): string | undefined {
  return SCHEME.exec(source.trim())?.[0].toLowerCase()
}

const SCHEME = /^[a-z][a-z\d+.-]+:/i
