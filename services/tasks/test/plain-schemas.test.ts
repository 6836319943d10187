import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadTaskFile, TaskFileError } from '@headway/tasks'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'

// Schemas that say little are not compiled before they are needed. What is wrong with one is told at the start all the same: as it is told
// of one that says a bit more, which is compiled.

const folder = mkdtempSync(join(tmpdir(), 'headway-plain-schemas-'))
afterAll(() => rmSync(folder, { recursive: true }))

const text = fc.constantFrom('', 'a', 'v1', 'v885', '😀😀', 'x'.repeat(21))
const anything = fc.oneof(text, fc.constantFrom(0, 1, -1, 2.5, 7, true, false, null), fc.constant([]), fc.constant({}))
/** Seldom something else. */
const own = (usual: fc.Arbitrary<unknown>) => fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: anything })
/** An object that has one in four of these members, and `type`. */
const sparse = (members: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc
    .tuple(fc.record(members), fc.infiniteStream(fc.nat(3)))
    .map(([whole, dice]) => Object.fromEntries(Object.entries(whole).filter(([name]) => name === 'type' || dice.next().value === 0)))

const parameter = sparse({
  type: own(fc.constantFrom('string', 'number', 'integer', 'boolean', 'string', 'number', 'integer', 'boolean', 'object')),
  description: own(text),
  enum: own(fc.array(fc.oneof(text, fc.constantFrom(1, 2.5, true)), { minLength: 1, maxLength: 3 })),
  pattern: own(fc.constantFrom('^v[0-9]+$', '', '^.$', '\\p{L}', '\\-')),
  minLength: own(fc.constantFrom(0, 1, 2)),
  maxLength: own(fc.constantFrom(0, 2, 20)),
  minimum: own(fc.constantFrom(-1, 0, 2.5)),
  maximum: own(fc.constantFrom(0, 2.5, 64)),
  default: anything,
})
const schema = fc
  .tuple(
    sparse({ type: fc.constant('object'), title: own(text), required: own(fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 })) }),
    own(fc.dictionary(fc.constantFrom('a', 'b', 'toString'), own(parameter), { minKeys: 1, maxKeys: 2 })),
    fc.constantFrom({}, {}, {}, {}, {}, {}, { default: {} }, { format: 'uri' }, { requird: [] }),
  )
  .map(([root, properties, more]) => ({ ...root, properties, ...more }))

/** What is wrong with a file that has a type with such parameters. */
async function mistakes(params: object): Promise<string[]> {
  const file = join(folder, 'tasks.yaml')
  writeFileSync(file, `types: { a: { steps: [{ name: x, run: [echo] }], params: ${JSON.stringify(params)} } }`)
  try {
    await loadTaskFile(file)
    return []
  } catch (error) {
    if (!(error instanceof TaskFileError)) throw error
    return error.issues.map(({ column, field, message }) => `${column} ${field} ${message}`)
  }
}

test('a schema that says little is refused for the same mistakes', async () => {
  let good = 0
  let bad = 0
  await fc.assert(
    fc.asyncProperty(schema, async (params) => {
      const told = await mistakes(params)
      expect(told).toEqual(await mistakes({ ...params, $comment: 'compiled' }))
      if (told.length === 0) good += 1
      else bad += 1
    }),
    { numRuns: 150 },
  )
  expect(good).toBeGreaterThan(20)
  expect(bad).toBeGreaterThan(20)
})
