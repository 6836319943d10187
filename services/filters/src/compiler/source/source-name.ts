import { sanitizeUrl } from '../../download/sanitize-url.js'

/** A source, an include or a file of patterns, by both of its names. */
export interface SourceAddress {
  /** As it is configured, or as an include resolves: what is loaded. May hold secrets, so it is only for loading and comparing. */
  readonly given: string
  /** What events, errors and figures say (`sanitizeUrl`). */
  readonly shown: string
}

/** The names of something that is loaded. */
export function addressOf(given: string): SourceAddress {
  return { given, shown: sanitizeUrl(given) }
}

/** What a source is called in all that is told: by its own name, or else as its address is shown. */
export function shownName(name: string | undefined, { given, shown }: SourceAddress): string {
  // A name that only repeats the address has its secrets, too.
  return name === undefined || name.trim() === given.trim() ? shown : name
}
