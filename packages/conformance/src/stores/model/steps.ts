import type { JobRequest } from '@headway/protocol'
import fc from 'fast-check'

/** What an append of the random test does beside its plain events. */
export const APPEND_KINDS = ['plain', 'checkpoint', 'pause', 'resume', 'complete', 'fail', 'cancel', 'release', 'release-later'] as const
export type AppendKind = (typeof APPEND_KINDS)[number]

/** One step. Numbers that choose a job or a claim count around: any number is valid. */
export type Step =
  | { readonly do: 'create'; readonly priority: number; readonly maxRecoveries: number; readonly keyed: boolean }
  | { readonly do: 'claim'; readonly worker: string; readonly limit: number }
  | { readonly do: 'append'; readonly claim: number; readonly kind: AppendKind; readonly events: number; readonly atHead: boolean }
  | { readonly do: 'repeat'; readonly claim: number }
  | { readonly do: 'renew' }
  | { readonly do: 'request'; readonly job: number; readonly what: JobRequest }
  | { readonly do: 'advance'; readonly leases: number }
  | { readonly do: 'sweep' }

/** Few ends: a history in which all jobs end at once tries little. */
const KIND_WEIGHTS: Readonly<Record<AppendKind, number>> = {
  plain: 2,
  checkpoint: 4,
  pause: 3,
  resume: 3,
  complete: 1,
  fail: 1,
  cancel: 1,
  release: 2,
  'release-later': 2,
}
const kind = fc.oneof(...APPEND_KINDS.map((each) => ({ weight: KIND_WEIGHTS[each], arbitrary: fc.constant(each) })))
const small = fc.nat({ max: 9 })
/** Which claim acts: mostly the youngest, which is the one that may. */
const claim = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 4 }) })

/** Random histories. Most appends are at the head, so that something happens. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('create' as const),
        priority: fc.nat({ max: 1 }),
        maxRecoveries: fc.nat({ max: 3 }),
        keyed: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('claim' as const), worker: fc.constantFrom('a', 'b'), limit: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('append' as const),
        claim,
        kind,
        events: fc.nat({ max: 3 }),
        atHead: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), claim }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('renew' as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('request' as const), job: small, what: fc.constantFrom('cancel', 'pause', 'resume') }),
    },
    // No sum of these is near the length of a lease, so the time that the test itself takes makes no difference.
    { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), leases: fc.constantFrom(0.4, 1.1) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
  ),
  { minLength: 20, maxLength: 60, size: 'max' },
)
