import { expect, test } from 'vitest'
import { EXAMPLES } from './allowed-examples.mjs'
import { AVOIDED, CRASHES, REPAIRS, repair } from './allowed.mjs'
import { caseOf, resultOf } from './check-examples.mjs'
import { compiled } from './compiled.js'

// The differences from AdGuard's HostlistCompiler that are meant, one by one. What it gives is written in the examples; `npm run compare:filters`
// runs it to see that it still does.

const RULES = [...REPAIRS, ...CRASHES, ...AVOIDED]

test.each(EXAMPLES)('$rule: $text', async (example) => {
  expect(example.ours).not.toEqual(example.peer)
  expect(resultOf(await compiled(caseOf(example)))).toEqual(example.ours)
})

test('each allowed difference has an example', () => {
  // That of the header's values is the next test.
  expect(new Set([...EXAMPLES.map(({ rule }) => rule), 'header-line-breaks'])).toEqual(new Set(RULES.map(({ name }) => name)))
})

test('header-line-breaks: a value of the header stays one line, where the original adds a rule to the list', async () => {
  const one = caseOf({ text: 'a.org' })
  const configuration = { ...one.configuration, name: 'two\n||injected.example^', sources: [{ source: 'list-1.txt', name: 'a\r\nb' }] }
  const outcome = await compiled({ ...one, configuration })
  expect(outcome).toMatchObject({ lines: expect.arrayContaining(['! Title: two ||injected.example^', '! Source name: a b']) })
})

test('the original is given nested conditions as they read', () => {
  const text = '!#if true && !x\na\n!#if x\nb\n!#else\nc\n!#endif\n!#else\nd\n!#endif\n!#if x\ne\n!#endif'
  expect(repair(caseOf({ text }))).toMatchObject({
    repaired: { files: { 'list-1.txt': '!#if true && !x\na\nc\n!#else\nd\n!#endif\n!#if x\ne\n!#endif' } },
    rules: ['nested-conditions'],
  })
})
