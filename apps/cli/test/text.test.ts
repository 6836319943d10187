import { describe, expect, it } from 'vitest'
import { textToValue } from '../src/run/text-to-value.js'
import { clean, cleanLine } from '../src/text/clean.js'
import { fitColumns } from '../src/text/columns.js'
import { shortDuration } from '../src/text/duration.js'

describe('what a job says, in a terminal', () => {
  it.each([
    ['plain äöü 漢字 🎉', 'plain äöü 漢字 🎉'],
    ['a\tb\nc', 'a\tb\nc'],
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b]0;title\x07rest', 'rest'],
    ['\x1b]8;;https://x.example\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['over\rwritten\b\x7f', 'overwritten'],
    ['half \x1b', 'half '],
    ['\x00\x9b2Jc1', 'c1'],
  ])('%j is %j', (text, cleaned) => {
    expect(clean(text)).toBe(cleaned)
    expect(cleanLine(text)).toBe(cleaned.replaceAll(/[\t\n]/g, ' '))
  })
})

it.each([
  [0, '0.0s'],
  [-5, '0.0s'],
  [9949, '9.9s'],
  [9999, '10s'],
  [59_700, '1m 00s'],
  [185_000, '3m 05s'],
  [7_800_000, '2h 10m'],
  [356_400_000, '4d 03h'],
])('%d ms are %s', (ms, text) => {
  expect(shortDuration(ms)).toBe(text)
})

it.each([
  ['abc', 2, 'ab'],
  ['漢字', 3, '漢'],
  ['🎉🎉', 2, '🎉'],
  ['abc', 0, ''],
  ['abc', -1, ''],
])('%j fits into %d columns as %j', (text, columns, fitting) => {
  expect(fitColumns(text, columns)).toBe(fitting)
})

it.each([
  ['7', { type: 'integer' }, 7],
  ['1e3', { type: 'number' }, 1000],
  ['many', { type: 'integer' }, 'many'],
  ['true', { type: 'boolean' }, true],
  ['yes', { type: 'boolean' }, 'yes'],
  ['7', { type: 'string' }, '7'],
  ['7', undefined, '7'],
  ['7', { type: ['string', 'integer'] }, '7'],
  ['null', { type: ['integer', 'null'] }, null],
  ['2', { enum: [1, 2] }, 2],
  ['[1]', { type: 'array' }, [1]],
  ['{}', { type: 'array' }, '{}'],
  ['', { type: 'integer' }, ''],
])('the text %j is, for %j, the value %j', (text, schema, value) => {
  expect(textToValue(text, schema)).toEqual(value)
})
