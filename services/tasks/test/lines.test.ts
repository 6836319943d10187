import { array, assert, constantFrom, nat, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LineSplitter } from '../src/runner/line-splitter.js'
import { readMarker } from '../src/runner/markers.js'
import { Masker } from '../src/runner/masker.js'
import { withoutControls } from '../src/runner/text.js'

/** What comes out of some chunks: texts, with a mark where they are not whole lines. */
function split(chunks: readonly (string | Uint8Array)[], secrets: readonly string[] = [], clean?: (text: string) => string): string[] {
  const out: string[] = []
  const splitter = new LineSplitter(new Masker(secrets), (text, end) => out.push(end === 'end' ? text : `${end}:${text}`), clean)
  for (const chunk of chunks) splitter.push(Buffer.from(chunk))
  splitter.end()
  return out
}

function bytesOf(text: string): Uint8Array[] {
  return [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))
}

test.each([
  ['a\nb\n', ['a', 'b']],
  ['a\r\nb\r\n', ['a', 'b']],
  ['a\n\nb', ['a', '', 'b']],
  ['no end', ['no end']],
  ['', []],
  ['10%\r20%\r100%\ndone\n', ['overwritten:10%', 'overwritten:20%', '100%', 'done']],
  ['\r10%\r20%', ['overwritten:10%', '20%']],
  ['a\r\r\nb', ['a', 'b']],
  ['last\r', ['last']],
  ['tab\tand \0 and \u001b[31mred\u001b[0m\n', ['tab\tand \0 and \u001b[31mred\u001b[0m']],
  ['grüße 你好 🎉\n', ['grüße 你好 🎉']],
])('%j, whole and byte by byte', (text, lines) => {
  expect(split([text])).toEqual(lines)
  expect(split(bytesOf(text))).toEqual(lines)
})

test('how the output was cut into chunks makes no difference', () => {
  const text = array(constantFrom('a', 'bc', '\r', '\n', '\r\n', 'é', '🎉', 'secret', ' '), { maxLength: 40 }).map((parts) =>
    parts.join(''),
  )
  assert(
    property(text, array(nat(20), { maxLength: 20 }), (whole, sizes) => {
      const bytes = Buffer.from(whole)
      const chunks: Uint8Array[] = []
      let at = 0
      for (const size of sizes) {
        chunks.push(bytes.subarray(at, at + size))
        at += size
      }
      chunks.push(bytes.subarray(at))
      expect(split(chunks, ['secret'])).toEqual(split([whole], ['secret']))
    }),
  )
})

test('bytes that are no UTF-8 become replacement characters', () => {
  expect(split([Uint8Array.of(0x61, 0xff, 0xfe, 0x62, 10)])).toEqual(['a��b'])
})

test.each([
  ['\u001b[1;31mred\u001b[0m and \u001b]0;title\u0007plain\r\n', ['red and plain']],
  ['\u001b[?25l\u001b[2K\r10%\u001b[K\r\u001b[2K20%\r\n\u001b[?25h', ['overwritten:10%', '20%']],
  ['\u001b[2K\r\n', ['']],
  ['\u001b[31mse\u001b[0mcret\r\n', ['***']],
])('of a terminal: %j, whole and byte by byte', (text, lines) => {
  expect(split([text], ['secret'], withoutControls)).toEqual(lines)
  expect(split(bytesOf(text), ['secret'], withoutControls)).toEqual(lines)
})

describe('long lines', () => {
  test('a line of 10 MB comes in pieces that make it again, and the next line is whole', () => {
    const long = 'x'.repeat(9_999_999) + 'y'
    const out = split([long.slice(0, 5_000_000), long.slice(5_000_000), '\nnext\n'])
    expect(out.slice(0, -2).every((piece) => piece.startsWith('continued:') && piece.length <= 10 + 16 * 1024)).toBe(true)
    expect(
      out
        .slice(0, -1)
        .map((piece) => piece.replace('continued:', ''))
        .join(''),
    ).toBe(long)
    expect(out.at(-1)).toBe('next')
  })

  test('no character is divided', () => {
    const out = split([`a${'🎉'.repeat(20_000)}\n`])
    expect(out.length).toBeGreaterThan(1)
    expect(out.join('')).not.toContain('�')
    expect(out.every((piece) => Buffer.from(piece).toString() === piece)).toBe(true)
  })
})

describe('secrets', () => {
  test('are masked, also when chunks divide them', () => {
    expect(split(bytesOf('token=s3cr3t-value; again s3cr3t-value\n'), ['s3cr3t-value'])).toEqual(['token=***; again ***'])
  })

  test('are masked wherever two chunks divide them', () => {
    const text = Buffer.from('a s3cr3t-välue b s3cr3t-välue\n')
    for (let at = 0; at <= text.length; at += 1)
      expect(split([text.subarray(0, at), text.subarray(at)], ['s3cr3t-välue'])).toEqual(['a *** b ***'])
  })

  test('are masked where a long line is cut', () => {
    for (let shift = 0; shift < 20; shift += 1) {
      const out = split([`${'x'.repeat(16 * 1024 - shift)}s3cr3t-value${'y'.repeat(40_000)}\n`], ['s3cr3t-value'])
      expect(out.map((piece) => piece.replace('continued:', '')).join('')).toBe(`${'x'.repeat(16 * 1024 - shift)}***${'y'.repeat(40_000)}`)
    }
  })

  test('that begin alike leave nothing of the longer one', () => {
    expect(split(['abc abcdef\n'], ['abc', 'abcdef'])).toEqual(['*** ***'])
  })

  test('with special characters, in JSON, and of several lines', () => {
    const secret = 'a"b\\c$(x)\nsecond part'
    expect(split([`${JSON.stringify({ secret: 'a"b\\c$(x)' })}\na"b\\c$(x)\nsecond part\n`], [secret])).toEqual([
      '{"secret":"***"}',
      '***',
      '***',
    ])
  })

  test('are masked however JSON escapes them', () => {
    const secret = 'pässwort/<1>🎉'
    for (const line of [
      JSON.stringify(secret),
      '"p\\u00e4sswort/<1>\\ud83c\\udf89"',
      '"p\\u00E4sswort/<1>\\uD83C\\uDF89"',
      '"p\\u00e4sswort\\/<1>\\ud83c\\udf89"',
      '"pässwort\\/<1>🎉"',
      '"pässwort/\\u003c1\\u003e🎉"',
    ]) {
      expect(split([`${line}\n`], [secret])).toEqual(['"***"'])
    }
  })

  test('an empty one masks nothing', () => {
    expect(split(['abc\n'], [''])).toEqual(['abc'])
  })
})

describe('markers', () => {
  const all = { progress: true, result: true }
  test.each([
    ['::progress 0.42 message', { kind: 'progress', fraction: 0.42, message: 'message' }],
    ['::progress 1', { kind: 'progress', fraction: 1, message: undefined }],
    ['::progress .5', { kind: 'progress', fraction: 0.5, message: undefined }],
    ['::result {"a":[1]}', { kind: 'result', value: { a: [1] } }],
    ['::progress 1.5 too much', undefined],
    ['::progress -1', undefined],
    ['::progress', undefined],
    ['::progress soon', undefined],
    ['::result {broken', undefined],
    [' ::progress 0.5', undefined],
    ['a plain line', undefined],
  ])('%j', (line, marker) => {
    expect(readMarker(line, all)).toEqual(marker)
  })

  test('can be turned off', () => {
    expect(readMarker('::progress 0.5', { progress: false, result: true })).toBeUndefined()
    expect(readMarker('::result 1', { progress: true, result: false })).toBeUndefined()
  })
})
