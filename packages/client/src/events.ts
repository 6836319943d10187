import type { commonSchemas, JobEvent, lifecycleSchemas, Reset } from '@headway/protocol'

type Schemas = typeof lifecycleSchemas & typeof commonSchemas
type DataOf<Schema> = Schema extends { readonly _output: infer Data } ? Data : never

/** The data of the events that have a meaning for every job, by their type. */
export type CommonEvents = { readonly [Type in keyof Schemas]: DataOf<Schemas[Type]> }

/** The data of the events that a job type has of its own, by their type. */
export type OwnEvents = { readonly [type: string]: unknown }

/** The events of a map from their types to their data. */
type EventsOf<Events> = {
  readonly [Type in keyof Events & string]: Omit<JobEvent, 'type' | 'data'> & { readonly type: Type; readonly data: Events[Type] }
}[keyof Events & string]

/**
 * What a follow yields: every event once, in order and without a gap; or `reset` where history is gone. Its `type` tells what `data` is, for
 * the events of every job, and for those of the job type that were declared, as in `follow<{ 'page:read': { title: string } }>(id)`. Those that
 * were not declared come, too, as whatever switches over `type` should expect. Whoever takes all as they are says
 * `follow<Record<string, Json>>(id)`.
 */
export type FollowedEvent<Own extends OwnEvents = {}> = EventsOf<CommonEvents> | EventsOf<Own> | Reset
