import { resolve } from 'node:path'
import type { Json } from '@headway/protocol'
import type { StepDefinition, TaskDefinition } from '../task-definition.js'
import { ParamsCheck } from './params.js'
import type { Params } from './params.js'
import type { ExpandedStep } from './expand-steps.js'
import type { TaskTypeSource } from './schema.js'
import { fillTemplate, parseTemplate, TemplateError, templateParams } from './template.js'
import type { Template } from './template.js'
import type { TaskType } from './task-type.js'
import { isRecord } from './is-record.js'

/** Told of a mistake: where in the type, and what. */
export type Complain = (path: readonly PropertyKey[], message: string) => void

/**
 * Makes a task type of what the file says, and checks what a schema can't: templates, the parameters' schema, names of steps.
 *
 * @param expanded its steps, those of other types among them
 * @param folder where relative working directories begin
 * @param complain called for each mistake
 * @returns undefined when there was a mistake
 */
export function buildTaskType(
  name: string,
  source: TaskTypeSource,
  expanded: readonly ExpandedStep[],
  folder: string,
  complain: Complain,
): TaskType | undefined {
  let mistakes = 0
  const tell: Complain = (path, message) => {
    mistakes += 1
    complain(path, message)
  }
  const check = compileParams(name, source.params, tell)
  const templateOf = (text: string, path: readonly PropertyKey[]): Template => readTemplate(text, source.params, path, tell)
  const steps = expanded.map((step) => stepBuilder(step, source.params, folder, tell))
  const key = source.concurrency && templateOf(source.concurrency.key, ['concurrency', 'key'])
  const names = new Set<string>()
  for (const { program, path, from } of expanded) {
    const same = `another step has the name "${program.name}"`
    if (names.has(program.name) && from === undefined) tell([...path, 'name'], same)
    else if (names.has(program.name)) tell(path, `${same}: give this use a "name", which is put before those of its steps`)
    names.add(program.name)
  }
  if (mistakes > 0 || check === undefined) return undefined
  const { concurrency } = source
  const define = (params: Params): TaskDefinition => ({
    kind: 'task',
    params: { ...params },
    ...(source.timeout !== undefined && { timeoutMs: source.timeout }),
    graceMs: source.grace,
    rerunnable: source.onCrash === 'rerun',
    steps: steps.map((step) => step(params)),
  })
  return {
    name,
    description: source.description,
    paramsSchema: check.schema,
    retry: { attempts: source.retry?.attempts ?? 1, delayMs: source.retry?.delay },
    graceMs: source.grace,
    rerunnable: source.onCrash === 'rerun',
    stepNames: [...names],
    checkParams: (input) => check.check(input),
    define,
    concurrencyOf: (params) => concurrency && key && { key: fillTemplate(key, params), limit: concurrency.limit },
  }
}

function stepBuilder(
  { program, path, from }: ExpandedStep,
  schema: Readonly<Record<string, Json>>,
  folder: string,
  tell: Complain,
): (params: Params) => StepDefinition {
  const told = new Set<string>()
  const templateOf = (text: string, place: readonly PropertyKey[]): Template =>
    readTemplate(text, schema, place, (at, message) => {
      if (from === undefined) return tell([...path, ...at], message)
      // All that is wrong with a step of another type is told at the one place that uses it.
      if (!told.has(message)) tell(path, `in its step "${program.name}": ${message}`)
      told.add(message)
    })
  const run = program.run.map((text, index) => templateOf(text, ['run', index]))
  const cwd = templateOf(program.cwd, ['cwd'])
  const env = Object.entries(program.env).map(([name, text]) => [name, templateOf(text, ['env', name])] as const)
  const { name, inherit, secrets, weight, timeout, pty, continueOnError, markers } = program
  return (params) => ({
    name,
    run: run.map((template) => fillTemplate(template, params)),
    cwd: resolve(folder, fillTemplate(cwd, params)),
    env: Object.fromEntries(env.map(([variable, template]) => [variable, fillTemplate(template, params)])),
    inherit,
    secrets,
    weight,
    ...(timeout !== undefined && { timeoutMs: timeout }),
    pty,
    continueOnError,
    markers: { progress: markers.progress ?? true, result: markers.result ?? true },
  })
}

function compileParams(name: string, schema: Readonly<Record<string, Json>>, tell: Complain): ParamsCheck | undefined {
  if (schema['type'] !== 'object') {
    tell(['params'], 'must have "type: object": the body of a creation is an object')
    return undefined
  }
  try {
    const check = new ParamsCheck(name, schema)
    for (const { path, message } of check.wrongDefaults) tell(['params', ...path], message)
    return check
  } catch (error) {
    tell(['params'], `is no valid JSON Schema: ${(error as Error).message}`)
    return undefined
  }
}

function readTemplate(text: string, schema: Readonly<Record<string, Json>>, path: readonly PropertyKey[], tell: Complain): Template {
  try {
    const template = parseTemplate(text)
    for (const param of templateParams(template)) {
      const trouble = troubleWith(param, schema)
      if (trouble) tell(path, trouble)
    }
    return template
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    tell(path, error.message)
    return []
  }
}

/** Why a parameter can't stand in a template; undefined: it can. */
function troubleWith(param: string, { properties, required }: Readonly<Record<string, Json>>): string | undefined {
  const known = isRecord(properties) ? properties : {}
  const schema = Object.hasOwn(known, param) ? known[param] : undefined
  if (schema === undefined) return `there is no parameter "${param}"; there are: ${Object.keys(known).join(', ') || 'none'}`
  const isRequired = Array.isArray(required) && required.includes(param)
  if (!isRequired && !(isRecord(schema) && 'default' in schema)) {
    return `the parameter "${param}" may be absent: make it required or give it a default`
  }
  if (!isScalarSchema(schema))
    return `the parameter "${param}" must have the type string, number, integer or boolean, or an enum or const of such values`
  return undefined
}

function isScalarSchema(schema: Json): boolean {
  if (!isRecord(schema)) return false
  const { type, enum: values, const: value } = schema
  if (typeof type === 'string') return ['string', 'number', 'integer', 'boolean'].includes(type)
  if (type !== undefined) return false
  if (Array.isArray(values)) return values.every((item) => isScalarValue(item as Json))
  return value !== undefined && isScalarValue(value)
}

function isScalarValue(value: Json): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}
