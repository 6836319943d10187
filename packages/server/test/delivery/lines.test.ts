import { array, assert, constantFrom, integer, property } from 'fast-check'
import { expect, it } from 'vitest'
import { LineEndReplacer, replaceLineEnds } from '../../src/delivery/lines.js'

it('line ends are the same whether a text comes whole or in pieces', () => {
  const text = array(constantFrom('\r', '\n', '\r\n', 'a', 'ö'), { maxLength: 30 }).map((parts) => parts.join(''))
  assert(
    property(text, array(integer({ min: 1, max: 5 }), { minLength: 1 }), (whole, sizes) => {
      const bytes = Buffer.from(whole)
      const replacer = new LineEndReplacer('|')
      const parts: Uint8Array[] = []
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1
        parts.push(replacer.replace(bytes.subarray(at, at + size)))
        at += size
      }
      expect(Buffer.concat(parts).toString()).toBe(replaceLineEnds(whole, '|'))
    }),
  )
})
