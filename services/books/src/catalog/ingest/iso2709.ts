import { decodeMarc8 } from './marc8.js'

/** A field of a MARC record: a control field has a value, the others subfields. */
export interface MarcField {
  readonly tag: string
  readonly value: string
  readonly subfields: readonly { readonly code: string; readonly value: string }[]
}

const LEADER = 24
const ENTRY = 12
const FIELD_END = 0x1e
const SUBFIELD = '\x1f'

/**
 * The fields of a record in ISO 2709, without its terminator. Letters are read as the leader says: UTF-8 or MARC-8.
 *
 * @throws Error that says what is wrong with it
 * @see https://www.loc.gov/marc/specifications/specrecstruc.html
 */
export function parseIso2709(record: Buffer): MarcField[] {
  const base = Number(record.toString('latin1', 12, 17))
  if (record.length < LEADER || !Number.isInteger(base) || base <= LEADER || base > record.length)
    throw new Error('the leader makes no sense')
  const utf8 = record.toString('latin1', 9, 10) === 'a'
  const fields: MarcField[] = []
  for (let entry = LEADER; entry + ENTRY < base && record[entry] !== FIELD_END; entry += ENTRY) {
    const tag = record.toString('latin1', entry, entry + 3)
    const length = Number(record.toString('latin1', entry + 3, entry + 7))
    const start = base + Number(record.toString('latin1', entry + 7, entry + 12))
    if (!Number.isInteger(length) || !Number.isInteger(start) || start + length > record.length)
      throw new Error('the directory makes no sense')
    const bytes = record.subarray(start, start + length - 1)
    const text = utf8 ? bytes.toString('utf8').normalize('NFC') : decodeMarc8(bytes)
    fields.push(tag.startsWith('00') ? { tag, value: text, subfields: [] } : { tag, value: '', subfields: subfieldsOf(text) })
  }
  return fields
}

/** Before the first subfield are two indicators. */
function subfieldsOf(text: string): { code: string; value: string }[] {
  return text
    .split(SUBFIELD)
    .slice(1)
    .map((part) => ({ code: part.slice(0, 1), value: part.slice(1) }))
}
