import { expect, test } from 'vitest'
import { fits, sizes } from '../scripts/size.mjs'

test('each entry of the package is small enough for any page', async () => {
  expect((await sizes()).filter((size) => !fits(size))).toEqual([])
})
