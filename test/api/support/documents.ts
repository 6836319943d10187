import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { ROOT } from '../../e2e/support/program.js'

export interface Schema {
  readonly $ref?: string
  readonly example?: unknown
  readonly [keyword: string]: unknown
}

export interface MediaType {
  readonly schema: Schema
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly $ref?: string; readonly value?: unknown }>>
}

export interface ApiResponse {
  readonly $ref?: string
  readonly description?: string
  readonly content?: Readonly<Record<string, MediaType>>
}

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly description?: string
    readonly schema: Schema
    readonly example?: unknown
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> }
  readonly responses: Readonly<Record<string, ApiResponse>>
}

export interface OpenApi {
  readonly openapi: string
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

export interface AsyncMessage {
  readonly payload: Schema
  readonly headers?: { readonly properties: { readonly event?: { readonly const: string } } }
  readonly examples: readonly { readonly payload: unknown }[]
}

export interface AsyncApi {
  readonly asyncapi: string
  readonly channels: Readonly<
    Record<
      string,
      { readonly address: string; readonly parameters?: object; readonly messages: Readonly<Record<string, { $ref: string }>> }
    >
  >
  readonly operations: Readonly<
    Record<
      string,
      { readonly action: 'send' | 'receive'; readonly channel: { $ref: string }; readonly messages: readonly { $ref: string }[] }
    >
  >
  readonly components: { readonly messages: Readonly<Record<string, AsyncMessage>> }
}

/** A committed description. @param name of its file in docs/api */
export function committedText(name: string): Promise<string> {
  return readFile(join(ROOT, 'docs/api', name), 'utf8')
}

const parsed = new Map<string, Promise<unknown>>()

/** Parsed once for the tests of a process, which must not change it. */
function committed(name: string): Promise<unknown> {
  const document = parsed.get(name) ?? committedText(name).then((text): unknown => parse(text))
  parsed.set(name, document)
  return document
}

export async function committedOpenApi(): Promise<OpenApi> {
  return (await committed('openapi.yaml')) as OpenApi
}

export async function committedAsyncApi(): Promise<AsyncApi> {
  return (await committed('asyncapi.yaml')) as AsyncApi
}

/** What a JSON pointer (`#/components/...`) leads to; undefined where it leads to nothing. */
export function pointed(document: unknown, pointer: string): unknown {
  const steps = pointer.replace(/^#\//, '').split('/')
  return steps.reduce<unknown>((at, step) => {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    return typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined
  }, document)
}

/** A part of a document, or the one that it refers to. */
export function resolved<Part extends { readonly $ref?: string }>(document: unknown, part: Part): Part {
  return part.$ref === undefined ? part : (pointed(document, part.$ref) as Part)
}

/** Every `$ref` of a document. */
export function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => (name === '$ref' && typeof member === 'string' ? [member] : references(member)))
}

/** All operations with their method and path. */
export function operationsOf({ paths }: OpenApi): { readonly method: string; readonly path: string; readonly operation: Operation }[] {
  return Object.entries(paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ method, path, operation })))
}
