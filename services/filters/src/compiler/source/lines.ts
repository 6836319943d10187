/** A text without its byte order mark and white space at its ends, split at runs of CR and LF. An empty text gives one empty line. */
export function splitLines(text: string): string[] {
  const trimmed = text.trim()
  // A list without CR needs no regular expression, which is what nearly all lists are.
  const lines = trimmed.includes('\r') ? trimmed.split(/[\r\n]+/u) : trimmed.split('\n')
  if (lines.length === 1) return lines
  let kept = 0
  for (const line of lines) if (line !== '') lines[kept++] = line
  lines.length = kept
  return lines
}

/** Decodes UTF-8; what is not valid becomes the replacement character, as in the reference. */
export function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
