import type { z } from 'zod'

/** One thing that can be set. */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  readonly env: string
  /** As commander reads it; absent for secrets, which would show in the list of processes. */
  readonly flag?: string
  /** Checks a text or a value of the configuration file. Its messages say what is allowed. */
  readonly schema: Schema
  /** Undefined: not set. */
  readonly default: z.output<Schema> | undefined
  readonly description: string
  /** Of the value. `ms` is shown as a time such as `10s`. */
  readonly unit?: string
  /** Never shown. */
  readonly secret?: true
  /** What is shown of a text that may have a secret in it. */
  readonly shown?: (text: string) => string
}

type Described<Schema extends z.ZodType> = Omit<Setting<Schema>, 'default'>
type WithDefault<Schema extends z.ZodType> = Described<Schema> & { readonly default: z.output<Schema> }
type WithoutDefault<Schema extends z.ZodType> = Described<Schema> & { readonly default: undefined }

/** A setting that always has a value. */
export function setting<Schema extends z.ZodType>(definition: WithDefault<Schema>): WithDefault<Schema> {
  return definition
}

/** A setting that may be absent. */
export function optional<Schema extends z.ZodType>(definition: Described<Schema>): WithoutDefault<Schema> {
  return { ...definition, default: undefined }
}

/** The values of these settings, by their names. */
export type ValuesOf<Table extends Readonly<Record<string, Setting>>> = {
  readonly [Name in keyof Table]: Table[Name] extends { readonly default: undefined }
    ? z.output<Table[Name]['schema']> | undefined
    : z.output<Table[Name]['schema']>
}
