/**
 * Texts in MARC-8: ASCII and ANSEL (extended Latin), whose accents stand before their letter. Other scripts are switched to by escape sequences;
 * their letters are left out, as records that have them give the same words in Latin letters too.
 *
 * @see https://www.loc.gov/marc/specifications/speccharmarc8.html
 */

const ESCAPE = 0x1b

/** 0xA1 to 0xC8 of ANSEL. */
const LETTERS = new Map<number, string>(
  Object.entries({
    a1: 'Ł',
    a2: 'Ø',
    a3: 'Đ',
    a4: 'Þ',
    a5: 'Æ',
    a6: 'Œ',
    a7: 'ʹ',
    a8: '·',
    a9: '♭',
    aa: '®',
    ab: '±',
    ac: 'Ơ',
    ad: 'Ư',
    ae: 'ʼ',
    b0: 'ʻ',
    b1: 'ł',
    b2: 'ø',
    b3: 'đ',
    b4: 'þ',
    b5: 'æ',
    b6: 'œ',
    b7: 'ʺ',
    b8: 'ı',
    b9: '£',
    ba: 'ð',
    bc: 'ơ',
    bd: 'ư',
    c0: '°',
    c1: 'ℓ',
    c2: '℗',
    c3: '©',
    c4: '♯',
    c5: '¿',
    c6: '¡',
    c7: 'ß',
    c8: '€',
  }).map(([code, letter]) => [Number.parseInt(code, 16), letter]),
)

/** 0xE0 to 0xFE of ANSEL: what is put on the letter that follows. The second halves of ligatures and double tildes come with the first. */
const MARKS = new Map<number, number>(
  Object.entries({
    e0: 0x309,
    e1: 0x300,
    e2: 0x301,
    e3: 0x302,
    e4: 0x303,
    e5: 0x304,
    e6: 0x306,
    e7: 0x307,
    e8: 0x308,
    e9: 0x30c,
    ea: 0x30a,
    eb: 0xfe20,
    ec: 0xfe21,
    ed: 0x315,
    ee: 0x30b,
    ef: 0x310,
    f0: 0x327,
    f1: 0x328,
    f2: 0x323,
    f3: 0x324,
    f4: 0x325,
    f5: 0x333,
    f6: 0x332,
    f7: 0x326,
    f8: 0x31c,
    f9: 0x32e,
    fa: 0xfe22,
    fb: 0xfe23,
    fe: 0x313,
  }).map(([code, mark]) => [Number.parseInt(code, 16), mark]),
)

/** The text of bytes in MARC-8, composed. */
export function decodeMarc8(bytes: Uint8Array): string {
  let text = ''
  let marks = ''
  let latin = true
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === ESCAPE) {
      const { length, isLatin } = escapeAt(bytes, at)
      latin = isLatin
      at += length - 1
      continue
    }
    if (!latin && byte > 0x20) continue
    const mark = MARKS.get(byte)
    if (mark !== undefined) {
      marks += String.fromCharCode(mark)
      continue
    }
    text += (byte < 0x80 ? String.fromCharCode(byte) : (LETTERS.get(byte) ?? '\ufffd')) + marks
    marks = ''
  }
  return text.normalize('NFC')
}

/** `ESC s` and the sets B (ASCII) and E (ANSEL) are Latin; the short `g`, `b` and `p` and all other sets are not. */
function escapeAt(bytes: Uint8Array, at: number): { readonly length: number; readonly isLatin: boolean } {
  const first = String.fromCharCode(bytes[at + 1] ?? 0)
  if ('gbps'.includes(first)) return { length: 2, isLatin: first === 's' }
  let end = at + 1
  // Intermediate bytes are 0x20 to 0x2F; the byte after them names the set.
  while (end < bytes.length && (bytes[end] ?? 0) >= 0x20 && (bytes[end] ?? 0) <= 0x2f) end += 1
  const set = String.fromCharCode(bytes[end] ?? 0)
  return { length: end - at + 1, isLatin: set === 'B' || set === 'E' }
}
