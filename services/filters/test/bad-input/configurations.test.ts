import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { configurationOf } from '../support/start.js'
import { expectFailure, expectNeighbourAnswered, expectRefused, startForMany } from './support/outcomes.js'

const ONE = [{ source: 'a' }]

/** All its jobs are those of neighbours. */
const refusing = onceForTests((atEnd) => startForMany({ atEnd }))

test.each([
  ['an unknown transformation', { name: 'x', sources: ONE, transformations: ['Sort'] }, '/transformations/0', '"Sort"'],
  [
    'an unknown transformation of a source',
    { name: 'x', sources: [{ source: 'a', transformations: ['Compress', 'compress'] }] },
    '/sources/0/transformations/1',
    '"compress"',
  ],
  ['an unknown key', { name: 'x', sources: ONE, exclusion: [] }, '/exclusion', '"exclusion"'],
  ['an unknown key of a source', { name: 'x', sources: [{ source: 'a', url: 'b' }] }, '/sources/0/url', '"url"'],
  ['no sources', { name: 'x', sources: [] }, '/sources', 'at least one'],
  ['sources that are missing', { name: 'x' }, '/sources', 'missing'],
  [
    'two Validates at the top',
    { name: 'x', sources: ONE, transformations: ['Validate', 'ValidateAllowIp'] },
    '/transformations',
    'Validate, ValidateAllowIp',
  ],
  [
    'two Validates of a source',
    { name: 'x', sources: [{ source: 'a', transformations: ['Validate', 'ValidateAllowPublicSuffix'] }] },
    '/sources/0/transformations',
    'Validate, ValidateAllowPublicSuffix',
  ],
  [
    'a Validate of a source and one at the top',
    { name: 'x', sources: [{ source: 'a', transformations: ['ValidateAllowIp'] }], transformations: ['Validate'] },
    '/sources/0/transformations',
    'one level only',
  ],
])('%s is refused by every route before anything begins', async (_, configuration, pointer, says) => {
  const server = refusing()
  await Promise.all([
    expectNeighbourAnswered(server),
    ...['/compile', '/compile/stream', '/compile/async'].map(async (route) => {
      const answer = await server.ask(route, { json: { configuration } })
      const { errors, ...body } = (await answer.json()) as { errors: unknown[] }
      expect({ status: answer.status, ...body }).toMatchObject({ status: 400, success: false, code: 'VALIDATION_ERROR' })
      expect(errors).toContainEqual(expect.objectContaining({ pointer: `/configuration${pointer}` }))
      expect(JSON.stringify(errors)).toContain(JSON.stringify(says).slice(1, -1))
    }),
  ])
  expect((await server.engine.list({ limit: 10 })).items.filter(({ status }) => status !== 'completed')).toEqual([])
})

const BAD_PATTERNS = [
  ['no regular expression', '/(/', 'INVALID_PATTERN', '/(/ is not a regular expression'],
  ['a quantifier of nothing', '/*/', 'INVALID_PATTERN', 'is not a regular expression'],
  ['too long', 'x'.repeat(10_001), 'PATTERN_TOO_LONG', '10000'],
] as const

const shared = onceForTests((atEnd) => startForMany({ atEnd }))

test.each(BAD_PATTERNS)('a pattern that is %s is refused at its level', async (_, pattern, code) => {
  const server = shared()
  const preFetchedContent = { a: '||a.example^' }
  const ofSource = { name: 'Of the source', sources: [{ source: 'a', exclusions: ['ok', pattern] }] }
  await expectRefused(server, { configuration: ofSource, preFetchedContent }, { code, pointer: '/configuration/sources/0/exclusions/1' })
  const ofList = { ...configurationOf('Of the list', 'a'), inclusions: [pattern] }
  await expectRefused(server, { configuration: ofList, preFetchedContent }, { code, pointer: '/configuration/inclusions/0' })
})

test.each(BAD_PATTERNS)('a pattern of a file that is %s is an error at its level', async (_, pattern, code, says) => {
  const server = shared()
  const preFetchedContent = { a: '||a.example^', patterns: `! comment\n${pattern}` }
  const failure = { status: 422, code, says }
  const ofSource = { name: 'Of the source', sources: [{ source: 'a', exclusions_sources: ['patterns'] }] }
  await expectFailure(server, { configuration: ofSource, preFetchedContent }, failure)
  const ofList = { ...configurationOf('Of the list', 'a'), inclusions_sources: ['patterns'] }
  await expectFailure(server, { configuration: ofList, preFetchedContent }, { ...failure, ofSource: false })
})
