import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { configurationOf } from '../support/start.js'
import { expectFailure, expectList, startForMany } from './support/outcomes.js'

const HOSTILE = `${'a'.repeat(200_000)}!`

const shared = onceForTests((atEnd) => startForMany({ atEnd }))

test.each(['/(a+)+$/', '*a*a*a*a*b', '/^(a|a)*$/', '/(.*)*z/', '/(?:a?){50}a{50}b/'])(
  '%s takes no longer on a hostile line than on others',
  async (pattern) => {
    const preFetchedContent = { a: `${HOSTILE}\n||a.example^\n${HOSTILE}` }
    const json = { configuration: { ...configurationOf('Linear', 'a'), exclusions: [pattern] }, preFetchedContent }
    expect(await expectList(shared(), json)).toContain('||a.example^')
  },
)

test.each(['/^(a+)+\\1$/', '/(?=x)|(a+)+$/'])('%s, which only going back can match, ends at its deadline', async (pattern) => {
  const json = {
    configuration: { ...configurationOf('Back', 'a'), inclusions: [pattern] },
    preFetchedContent: { a: `${'a'.repeat(41)}!\n${'a'.repeat(43)}!` },
  }
  const failure = { status: 422, code: 'PATTERN_TIMEOUT', says: pattern, ofSource: false } as const
  await expectFailure(shared(), json, failure)
})
