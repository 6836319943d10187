/** A field: its tag, its indicators (none of a control field), and its value or subfields as `$acode text`. */
export type MarcLine = readonly [tag: string, indicators: string, ...subfields: readonly string[]]

/** One record in ISO 2709. @param encode letters to bytes; UTF-8 by default */
export function marcRecord(
  fields: readonly MarcLine[],
  coding: 'a' | ' ' = 'a',
  encode: (text: string) => Buffer = (text) => Buffer.from(text),
): Buffer {
  const bodies: Buffer[] = []
  let directory = ''
  let at = 0
  for (const [tag, indicators, ...parts] of fields) {
    const text = tag.startsWith('00') ? (parts[0] ?? '') : indicators + parts.map((part) => `\x1f${part}`).join('')
    const body = Buffer.concat([encode(text), Buffer.from([0x1e])])
    directory += tag + String(body.length).padStart(4, '0') + String(at).padStart(5, '0')
    at += body.length
    bodies.push(body)
  }
  const base = 24 + directory.length + 1
  const length = base + at + 1
  const leader = `${String(length).padStart(5, '0')}cam ${coding}22${String(base).padStart(5, '0')} a 4500`
  return Buffer.concat([Buffer.from(leader), Buffer.from(directory), Buffer.from([0x1e]), ...bodies, Buffer.from([0x1d])])
}
