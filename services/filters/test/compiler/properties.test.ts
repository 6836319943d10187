import { TRANSFORMATION_NAMES } from '@headway/filters/compiler'
import type { TransformationName } from '@headway/filters/compiler'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLines } from './apply.js'
import { lineEnd, lines } from './reference/arbitraries.js'
import { naive } from './reference/naive.js'

const validating: readonly TransformationName[] = [
  'Validate',
  'ValidateAllowIp',
  'ValidateAllowPublicSuffix',
  'ValidateAllowIpAndPublicSuffix',
]
const others = TRANSFORMATION_NAMES.filter((name) => !validating.includes(name))
const several = fc
  .tuple(fc.subarray(others), fc.option(fc.constantFrom(...validating), { nil: undefined }))
  .map(([names, one]) => (one === undefined ? names : [one, ...names]))

/** What the text of these lines is read as: its ends are trimmed. */
function asRead(list: readonly string[]): string[] {
  return list.join('\n').trim().split(/\n+/)
}

describe('the fast transformations do as the plain ones', () => {
  it.each(TRANSFORMATION_NAMES)('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(lines, lineEnd, async (list, end) => {
        expect(await compileLines(list.join(end), [name])).toEqual(naive(asRead(list), [name]))
      }),
      { numRuns: 400 },
    )
  })

  it('several together', async () => {
    await fc.assert(
      fc.asyncProperty(lines, several, async (list, names) => {
        expect(await compileLines(list.join('\n'), names)).toEqual(naive(asRead(list), names))
      }),
      { numRuns: 600 },
    )
  })
})
