import type { Configuration, Source } from '../configuration/types.js'

const LINE_BREAKS = /[\r\n]+/gu

/** A value on one line: a line break in it would add a rule to the list. */
function oneLine(value: string): string {
  return value.replace(LINE_BREAKS, ' ')
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}

/** The lines that begin the list; nothing transforms them. */
export function listHeader(configuration: Configuration, now: Date): string[] {
  const { name, description, version, homepage, license } = configuration
  const lines = ['!', `! Title: ${oneLine(name)}`]
  if (isGiven(description)) lines.push(`! Description: ${oneLine(description)}`)
  if (isGiven(version)) lines.push(`! Version: ${oneLine(version)}`)
  if (isGiven(homepage)) lines.push(`! Homepage: ${oneLine(homepage)}`)
  if (isGiven(license)) lines.push(`! License: ${oneLine(license)}`)
  lines.push(`! Last modified: ${now.toISOString()}`, '!', '! Compiled by Headway', '!')
  return lines
}

/** The lines before the rules of one source; the top level's transformations treat them as any others. */
export function sourceHeader(source: Source): string[] {
  const lines = ['!']
  if (isGiven(source.name)) lines.push(`! Source name: ${oneLine(source.name)}`)
  lines.push(`! Source: ${oneLine(source.source)}`, '!')
  return lines
}
