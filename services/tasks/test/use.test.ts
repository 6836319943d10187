import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadTaskFile, TaskFileError } from '@headway/tasks'
import type { TaskFile } from '@headway/tasks'
import { describe, expect, test } from 'vitest'
import { start } from './support/start.js'

function load(yaml: string): Promise<TaskFile> {
  const file = join(mkdtempSync(join(tmpdir(), 'headway-task-file-')), 'tasks.yaml')
  writeFileSync(file, yaml)
  return loadTaskFile(file)
}

/** What is wrong with a file: `line:column field: message`. */
async function mistakes(yaml: string): Promise<string[]> {
  const error: unknown = await load(yaml).catch((thrown: unknown) => thrown)
  if (!(error instanceof TaskFileError)) throw new Error('The file was taken.')
  return error.issues.map(({ line, column, field, message }) => `${line}:${column} ${field}: ${message}`)
}

const PARAMS = 'params: { type: object, required: [version], properties: { version: { type: string } } }'

test("the steps of other types stand in the place of use, with this type's parameters", async () => {
  const yaml = `types:
  release:
    ${PARAMS}
    steps:
      - { use: check, name: before, weight: 1 }
      - { name: sync, run: [echo, '{version}'], weight: 2 }
      - { use: both }
  both:
    ${PARAMS}
    steps:
      - { use: check }
      - { name: tidy, run: [echo] }
  check:
    ${PARAMS}
    markers: { progress: false }
    steps:
      - { name: ios, run: [echo, ios, '{version}'], weight: 3, timeout: 1m, env: { A: '{version}' } }
      - { name: android, run: [echo], markers: { progress: true } }
`
  const [release] = (await load(yaml)).types
  expect(release?.stepNames).toEqual(['before/ios', 'before/android', 'sync', 'ios', 'android', 'tidy'])
  const steps = release?.define(release.checkParams({ version: 'v1' })).steps
  expect(steps?.map(({ weight }) => weight)).toEqual([0.75, 0.25, 2, 3, 1, 1])
  expect(steps?.[0]).toMatchObject({
    run: ['echo', 'ios', 'v1'],
    timeoutMs: 60_000,
    env: { A: 'v1' },
    markers: { progress: false, result: true },
  })
  expect(steps?.[1]).toMatchObject({ markers: { progress: true } })
  expect(steps?.[2]).toMatchObject({ markers: { progress: true } })
})

test('they run', async () => {
  const { run } = await start(`types:
  all: { steps: [{ use: one, name: first }, { use: one, name: second }] }
  one: { steps: [{ name: say, run: [echo, hello] }] }
`)
  const { job, lines } = await run('all')
  expect(job.result).toMatchObject({ results: [{ name: 'first/say' }, { name: 'second/say' }] })
  expect(lines.filter((line) => line === 'stdout: hello')).toHaveLength(2)
})

describe('refused, with the place', () => {
  test('a type that is not there, and what does not belong to a use', async () => {
    expect(
      await mistakes(`types:
  a:
    steps:
      - use: b
      - { use: a2, run: [echo] }
      - { use: a2, timeout: 1m }
  a2: { steps: [{ name: x, run: [echo] }] }
`),
    ).toEqual([
      '5:16 types.a.steps[1].use: stands in the place of "run": a step has one of them',
      '6:20 types.a.steps[2].timeout: is not a known field',
    ])
    expect(await mistakes('types:\n  a:\n    steps:\n      - use: b\n')).toEqual([
      '4:14 types.a.steps[0].use: there is no task type "b"; there are: a',
    ])
  })

  test.each([
    ['itself', ['a'], '4:14 types.a.steps[0].use: is a cycle: a > a'],
    ['each other', ['b', 'a'], '4:14 types.a.steps[0].use: is a cycle: a > b > a'],
    ['one another in a ring', ['b', 'c', 'a'], '4:14 types.a.steps[0].use: is a cycle: a > b > c > a'],
    ['a ring that it is no part of', ['b', 'c', 'b'], '7:14 types.b.steps[0].use: is a cycle: b > c > b'],
  ])('types that use %s', async (_, used, mistake) => {
    const types = used.map((use, index) => `  ${'abc'[index]}:\n    steps:\n      - use: ${use}\n`)
    expect(await mistakes(`types:\n${types.join('')}`)).toEqual([mistake])
  })

  test('a parameter that is not there, once for each step', async () => {
    expect(
      await mistakes(`types:
  a:
    steps:
      - use: check
  check:
    ${PARAMS}
    steps: [{ name: ios, run: [echo, '{version}', '{version}'] }]
`),
    ).toEqual(['4:14 types.a.steps[0].use: in its step "ios": there is no parameter "version"; there are: none'])
  })

  test('names that are there twice', async () => {
    expect(
      await mistakes(`types:
  a:
    steps:
      - use: check
      - use: check
  check:
    steps: [{ name: ios, run: [echo] }]
`),
    ).toEqual([
      '5:14 types.a.steps[1].use: another step has the name "ios": give this use a "name", which is put before those of its steps',
    ])
  })

  test.each(['', 'concurrency: { key: other }', 'concurrency: { key: target, limit: 2 }'])(
    'a lock that would not be held: %j',
    async (own) => {
      expect(
        await mistakes(`types:
  a:
    ${own}
    steps: [{ use: sync }]
  sync:
    concurrency: { key: target }
    steps: [{ name: x, run: [echo] }]
`),
      ).toEqual([
        '4:20 types.a.steps[0].use: the steps of "sync" need the lock of its concurrency (key "target", limit 1), which a task of this type would not hold; give this type the same',
      ])
    },
  )

  test('the same lock is fine', async () => {
    const { types } = await load(`types:
  a: { concurrency: { key: target }, steps: [{ use: sync }] }
  sync: { concurrency: { key: target }, steps: [{ name: x, run: [echo] }] }
`)
    expect(types).toHaveLength(2)
  })

  test('the mistakes of a type that is used are told once, as its own', async () => {
    expect(
      await mistakes(`types:
  a: { steps: [{ use: b }] }
  b: { steps: [{ use: nothing }, { name: x, run: [] }] }
`),
    ).toEqual(['3:50 types.b.steps[1].run: must name a program'])
    expect(await mistakes('types:\n  a: { steps: [{ use: b }] }\n  b: { steps: [{ use: nothing }] }\n')).toHaveLength(1)
  })

  test('more steps than a type may have', async () => {
    const doubling = Array.from(
      { length: 8 },
      (_, index) => `  t${index}: { steps: [{ use: t${index + 1}, name: a }, { use: t${index + 1}, name: b }] }\n`,
    )
    const found = await mistakes(`types:\n${doubling.join('')}  t8: { steps: [{ name: x, run: [echo] }] }\n`)
    expect(found).toContainEqual(expect.stringContaining('types.t1.steps[1]: makes more than 100 steps') as string)
  })
})
