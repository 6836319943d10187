import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadTaskFile, TaskFileError } from '@headway/tasks'
import type { TaskFile } from '@headway/tasks'
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

function write(yaml: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'headway-task-file-')), 'tasks.yaml')
  writeFileSync(file, yaml)
  return file
}

function load(yaml: string): Promise<TaskFile> {
  return loadTaskFile(write(yaml))
}

/** The first type of a file. */
function firstType({ types: [type] }: TaskFile): TaskFile['types'][number] {
  if (type === undefined) throw new Error('The file has no type.')
  return type
}

async function loadType(yaml: string): Promise<TaskFile['types'][number]> {
  return firstType(await load(yaml))
}

/** What is wrong with a file: `line:column field: message`. */
async function mistakes(yaml: string): Promise<string[]> {
  const error: unknown = await load(yaml).catch((thrown: unknown) => thrown)
  if (!(error instanceof TaskFileError)) throw new Error('The file was taken.')
  for (const { line, column, message } of error.issues) {
    expect(error.message).toMatch(new RegExp(`^${error.file}:${line}:${column} .*`, 'm'))
    expect(error.message).toContain(message)
  }
  return error.issues.map(({ line, column, field, message }) => `${line}:${column} ${field}: ${message}`)
}

const GOOD = `types:
  check:
    description: Check
    params:
      type: object
      required: [version]
      properties:
        version: { type: string, pattern: '^v[0-9]+$' }
        env: { type: string, enum: [staging, production], default: staging }
        count: { type: integer, default: 3 }
    concurrency: { key: 'release-{env}', limit: 1 }
    timeout: 30m
    grace: 500ms
    retry: { attempts: 2, delay: 1s }
    onCrash: rerun
    markers: { result: false }
    steps:
      - name: ios
        run: [node, programs/check.mjs, '--version={version}', '{count}', 'literal {{braces}}']
        cwd: sub
        env: { LANG: C.UTF-8, TARGET: '{env}' }
        inherit: [HEADWAY_RESOURCES]
        secrets: [CDN_TOKEN]
        weight: 2.5
        timeout: 10m
        pty: false
        continueOnError: true
        markers: { progress: false }
`

test('a whole file', async () => {
  const file = await load(GOOD)
  const type = firstType(file)
  expect(type).toMatchObject({ name: 'check', description: 'Check', graceMs: 500, rerunnable: true, retry: { attempts: 2, delayMs: 1000 } })
  const params = type.checkParams({ version: 'v885' })
  expect(params).toEqual({ version: 'v885', env: 'staging', count: 3 })
  expect(type.concurrencyOf(params)).toEqual({ key: 'release-staging', limit: 1 })
  expect(type.define(params)).toEqual({
    kind: 'task',
    params,
    timeoutMs: 1_800_000,
    graceMs: 500,
    rerunnable: true,
    steps: [
      {
        name: 'ios',
        run: ['node', 'programs/check.mjs', '--version=v885', '3', 'literal {braces}'],
        cwd: join(file.path, '..', 'sub'),
        env: { LANG: 'C.UTF-8', TARGET: 'staging' },
        inherit: ['HEADWAY_RESOURCES'],
        secrets: ['CDN_TOKEN'],
        weight: 2.5,
        timeoutMs: 600_000,
        pty: false,
        continueOnError: true,
        markers: { progress: false, result: false },
      },
    ],
  })
})

test('what is absent has a default', async () => {
  const type = await loadType('types: { a: { steps: [{ name: x, run: [echo] }] } }')
  expect(type).toMatchObject({ graceMs: 10_000, rerunnable: false, retry: { attempts: 1 } })
  expect(type.define(type.checkParams({}))).toMatchObject({
    steps: [{ weight: 1, continueOnError: false, env: {}, markers: { progress: true, result: true } }],
  })
})

describe('mistakes are named with line, column and field', () => {
  test('every one of them at once, over several types', async () => {
    const yaml = `types:
  one:
    stepz: []
    timeout: 5 minutes
    steps:
      - name: a
        run: echo hello
      - run: [echo, 5]
        weight: 0
  Two:
    steps: [{ name: x, run: [echo] }]
  three:
    params: { type: object, properties: { v: { type: string } } }
    steps:
      - name: x
        run: [echo, '{v}', '{w}', '{']
`
    expect(await mistakes(yaml)).toEqual([
      '3:5 types.one.stepz: is not a known field',
      '4:14 types.one.timeout: "5 minutes" is no duration such as 500ms, 10s, 30m or 2h',
      '7:14 types.one.steps[0].run: must be a list: the program and its arguments',
      '8:9 types.one.steps[1].name: is missing',
      '8:21 types.one.steps[1].run[1]: must be a text; put it in quotes',
      '9:17 types.one.steps[1].weight: must be over 0',
      '10:3 types.Two: use lower-case letters and digits, with - . : or _ between them',
      '16:21 types.three.steps[0].run[1]: the parameter "v" may be absent: make it required or give it a default',
      '16:28 types.three.steps[0].run[2]: there is no parameter "w"; there are: v',
      '16:35 types.three.steps[0].run[3]: "{" at character 1 belongs to no {parameter}; write "{{" for the character itself',
    ])
  })

  test.each([
    ['types:\n  a: { steps: [{ name: x, run: [echo] }] }\n  a: { steps: [{ name: x, run: [echo] }] }\n', '3:3', 'unique'],
    ['types:\n  a: [\n', '3:1', ''],
    ['types: {}\nextra: 1\n', '2:1', 'is not a known field'],
    ['nothing: 1\n', '1:1', 'is missing'],
    ['', '1:1', ''],
    ['types:\n  a: { steps: [] }\n', '2:15', 'at least one step'],
    [
      'types:\n  a:\n    steps:\n      - { name: x, run: [echo] }\n      - { name: x, run: [echo] }\n',
      '5:17',
      'another step has the name "x"',
    ],
    ['types:\n  a:\n    onCrash: restart\n    steps: [{ name: x, run: [echo] }]\n', '3:14', 'fail'],
    ['types:\n  a:\n    steps: [{ name: x, run: [echo], pty: always }]\n', '3:42', 'boolean'],
    ['types:\n  a:\n    steps: [{ name: x, run: [echo], secrets: [A?, B??] }]\n', '3:51', 'types.a.steps[0].secrets[1]: must be the name'],
    ['types:\n  a:\n    steps: [{ name: x, run: [echo], secrets: [HEADWAY_RUN?] }]\n', '3:47', 'HEADWAY_RUN marks'],
    ['types:\n  a:\n    steps: [{ name: x, run: [echo], unknown: 1 }]\n', '3:37', 'types.a.steps[0].unknown: is not a known field'],
    ['types:\n  a:\n    steps: [{ name: x, run: [echo], env: { HEADWAY_RUN: x } }]\n', '3:44', 'HEADWAY_RUN'],
    ['types:\n  a:\n    timeout: 30d\n    steps: [{ name: x, run: [echo] }]\n', '3:14', 'at most 24 days'],
    ['types:\n  a:\n    params: { type: array }\n    steps: [{ name: x, run: [echo] }]\n', '3:13', 'type: object'],
    [
      'types:\n  a:\n    params: { type: object, properties: { v: { type: strng } } }\n    steps: [{ name: x, run: [echo] }]\n',
      '3:13',
      'JSON Schema',
    ],
    [
      'types:\n  a:\n    params: { type: object, properties: { x: { type: integer, default: abc } } }\n    steps: [{ name: x, run: [echo] }]\n',
      '3:72',
      'types.a.params.properties.x.default: does not fit the schema that it stands in: must be integer',
    ],
    [
      'types:\n  a:\n    params: { type: object, $defs: { n: { type: integer } }, properties: { o: { type: object, properties: { "x/~ %": { $ref: "#/$defs/n", default: abc } } } } }\n    steps: [{ name: x, run: [echo] }]\n',
      '3:148',
      'types.a.params.properties.o.properties.x/~ %.default: does not fit',
    ],
    ['types:\n  a:\n    steps: [{ name: x, run: [""] }]\n', '3:30', 'types.a.steps[0].run[0]: must name a program'],
    ['types:\n  __proto__:\n    steps: [{ name: x, run: [echo] }]\n', '2:3', 'types.__proto__: "__proto__" can not be a name'],
    ['types:\n  a:\n    steps: [{ name: x, run: [echo], env: { __proto__: x } }]\n', '3:44', 'types.a.steps[0].env.__proto__'],
    ['types:\n  a:\n    params: { type: object, propertys: {} }\n    steps: [{ name: x, run: [echo] }]\n', '3:13', 'propertys'],
    [
      'types:\n  a:\n    params: { type: object, required: [v], properties: { v: { type: array } } }\n    steps: [{ name: x, run: [echo, "{v}"] }]\n',
      '4:36',
      'must have the type',
    ],
    ['types:\n  a:\n    concurrency: { key: "{v}" }\n    steps: [{ name: x, run: [echo] }]\n', '3:25', 'there is no parameter "v"'],
  ])('%j', async (yaml, place, message) => {
    const [first] = await mistakes(yaml)
    expect(first).toContain(message)
    expect(first?.split(' ')[0]).toBe(place)
  })

  test('a file that is not there', async () => {
    await expect(loadTaskFile('/no/such/tasks.yaml')).rejects.toThrow('/no/such/tasks.yaml:1:1 the task file does not exist')
  })

  test('aliases that grow without end', async () => {
    const yaml = `types: { x: &a [b, b, b, b, b, b, b, b, b] }\n${Array.from(
      { length: 8 },
      (_, i) =>
        `k${i}: &k${i} [*${i === 0 ? 'a' : `k${i - 1}`}, ${Array(9)
          .fill(`*${i === 0 ? 'a' : `k${i - 1}`}`)
          .join(', ')}]`,
    ).join('\n')}\n`
    expect(await mistakes(yaml)).toHaveLength(1)
  })
})

describe('parameters', () => {
  async function check(params: string, input: unknown): Promise<unknown> {
    const type = await loadType(`types: { a: { params: ${params}, steps: [{ name: x, run: [echo] }] } }`)
    try {
      return type.checkParams(input)
    } catch (error) {
      return (error as { fields: { pointer: string; message: string }[] }).fields.map(({ pointer, message }) => `${pointer} ${message}`)
    }
  }

  test('what the schema does not name is refused', async () => {
    expect(await check('{ type: object, properties: { version: { type: string } } }', { versoin: 'v1' })).toEqual([
      '/versoin is not a parameter of this task type',
    ])
  })

  test('unless it says that more is welcome', async () => {
    expect(await check('{ type: object, additionalProperties: true }', { other: 1 })).toEqual({ other: 1 })
  })

  test('composed schemas name what their parts name', async () => {
    const schema = '{ type: object, allOf: [{ properties: { a: { type: integer } } }], properties: { b: { type: integer } } }'
    expect(await check(schema, { a: 1, b: 2 })).toEqual({ a: 1, b: 2 })
    expect(await check(schema, { a: 1, c: 2 })).toEqual(['/c is not a parameter of this task type'])
  })

  test('all mistakes at once', async () => {
    const schema = '{ type: object, required: [v], properties: { v: { type: string }, n: { type: integer }, e: { enum: [a, b] } } }'
    expect(await check(schema, { n: 'x', e: 'c' })).toEqual(['/v is missing', '/n must be integer', '/e must be one of "a", "b"'])
  })

  test('not more than fifty mistakes, and in large parameters only the first one', async () => {
    const schema = '{ type: object, properties: { list: { type: array, items: { type: string } } } }'
    const unknown = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, 1]))
    expect(await check(schema, unknown(60))).toHaveLength(50)
    expect(await check(schema, unknown(80_000))).toEqual(['/p0 is not a parameter of this task type'])
    expect(await check(schema, { list: Array.from({ length: 80_000 }, () => 1) })).toEqual(['/list/0 must be string'])
    expect(await check(schema, { list: Array.from({ length: 60 }, () => 'a\0b') })).toHaveLength(50)
  })

  test('a NUL character is refused', async () => {
    expect(await check('{ type: object, properties: { v: { type: string } } }', { v: 'a\0b' })).toEqual([
      '/v must not contain a NUL character',
    ])
  })

  test('draft-07 by its $schema', async () => {
    const schema = '{ $schema: "http://json-schema.org/draft-07/schema#", type: object, properties: { v: { type: string } } }'
    expect(await check(schema, { v: 'x' })).toEqual({ v: 'x' })
    expect(await check(schema, { w: 'x' })).toEqual(['/w is not a parameter of this task type'])
  })

  test('a value with braces, quotes or metacharacters stays one argument and is not looked at again', async () => {
    const type = await loadType(
      `types: { a: { params: { type: object, required: [v, w], properties: { v: { type: string }, w: { type: string } } }, steps: [{ name: x, run: [echo, 'a {v} b', '{w}'] }] } }`,
    )
    const params = type.checkParams({ v: '{w} $(id) "; rm -rf / #\n--force', w: '--force' })
    expect(type.define(params).steps[0]?.run).toEqual(['echo', 'a {w} $(id) "; rm -rf / #\n--force b', '--force'])
  })
})
