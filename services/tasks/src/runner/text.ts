import { stripVTControlCharacters } from 'node:util'
import type { Json } from '@headway/protocol'

/** The size of a value as JSON, in bytes of UTF-8. */
export function jsonBytes(value: Json | object): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** Where a text can be cut without dividing a character: at `at`, or one unit before. */
export function characterEnd(text: string, at: number): number {
  const last = text.charCodeAt(at - 1)
  return last >= 0xd800 && last <= 0xdbff && at > 1 ? at - 1 : at
}

/** The beginning of a long text, with dots. @param units at most so many UTF-16 units of it */
export function shorten(text: string, units: number): string {
  return text.length <= units ? text : `${text.slice(0, characterEnd(text, units))}...`
}

/** A command for people to read: arguments with spaces or special characters in quotes. */
export function commandText(run: readonly string[]): string {
  return run.map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : JSON.stringify(part))).join(' ')
}

/** A duration for people to read. @param ms in milliseconds */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`
}

/** A text without the sequences that move a terminal's cursor, colour what it shows, and the like. */
export function withoutControls(text: string): string {
  return text.includes('\u001b') || text.includes('\u009b') ? stripVTControlCharacters(text) : text
}
