import { MAX_STEPS } from '../limits.js'
import type { ProgramSource, TaskTypeSource, UseSource } from './schema.js'

/** A step of a type with the steps of other types in the place of each `use`. */
export interface ExpandedStep {
  readonly program: ProgramSource
  /** Where it stands in the type that has it, or where that type uses another one. */
  readonly path: readonly PropertyKey[]
  /** The type that it was written for, where that is another one. */
  readonly from?: string
}

/**
 * Puts the steps of other types in the place of `use`, however deep.
 *
 * Tasks hold nothing but the places of their own concurrency key, from their start to their end, so they can't wait for one another in a circle. That
 * stays so because a type may use only types without a key or with the same one.
 */
export class StepExpansion {
  readonly #types: ReadonlyMap<string, TaskTypeSource>
  /** Also of types with mistakes. */
  readonly #names: readonly string[]
  readonly #complain: (type: string, path: readonly PropertyKey[], message: string) => void
  readonly #expanded = new Map<string, readonly ExpandedStep[]>()

  /**
   * @param types those that could be read
   * @param names of all types in the file
   * @param complain called once for each mistake
   */
  constructor(
    types: ReadonlyMap<string, TaskTypeSource>,
    names: readonly string[],
    complain: (type: string, path: readonly PropertyKey[], message: string) => void,
  ) {
    this.#types = types
    this.#names = names
    this.#complain = complain
  }

  /** The steps of a type; those of a type that can't be used are left out, after a complaint. */
  stepsOf(name: string): readonly ExpandedStep[] {
    const known = this.#expanded.get(name)
    if (known) return known
    const type = this.#types.get(name)
    const steps: ExpandedStep[] = []
    for (const [index, step] of (type?.steps ?? []).entries()) {
      const path = ['steps', index]
      if ('use' in step) steps.push(...this.#used(name, step, [...path, 'use']))
      else steps.push({ program: withMarkers(step, type), path })
      if (steps.length <= MAX_STEPS) continue
      this.#complain(name, path, `makes more than ${MAX_STEPS} steps, with those that are used`)
      break
    }
    this.#expanded.set(name, steps)
    return steps
  }

  #used(name: string, { use, name: prefix, weight }: UseSource, path: readonly PropertyKey[]): ExpandedStep[] {
    const trouble = this.#troubleWith(name, use)
    if (trouble !== undefined) this.#complain(name, path, trouble)
    // A cycle is told once, where it begins.
    if (trouble !== undefined || this.#cycleFrom(use) !== undefined) return []
    const steps = this.stepsOf(use)
    const share = weight === undefined ? 1 : weight / steps.reduce((sum, { program }) => sum + program.weight, 0)
    return steps.map(({ program, from }) => ({
      program: { ...program, name: prefix === undefined ? program.name : `${prefix}/${program.name}`, weight: program.weight * share },
      path,
      from: from ?? use,
    }))
  }

  #troubleWith(name: string, used: string): string | undefined {
    if (!this.#names.includes(used)) return `there is no task type "${used}"; there are: ${this.#names.join(', ')}`
    const cycle = this.#cycleFrom(name)
    // Told once, by the one of them that comes first in the file.
    const first = this.#names.find((type) => cycle?.includes(type))
    if (cycle?.[1] === used) return first === name ? `is a cycle: ${cycle.join(' > ')}` : undefined
    return this.#lockTrouble(name, used)
  }

  #lockTrouble(name: string, used: string): string | undefined {
    const theirs = this.#types.get(used)?.concurrency
    const own = this.#types.get(name)?.concurrency
    if (theirs === undefined || (own?.key === theirs.key && own.limit === theirs.limit)) return undefined
    return `the steps of "${used}" need the lock of its concurrency (key "${theirs.key}", limit ${theirs.limit}), which a task of this type would not hold; give this type the same`
  }

  /** The way by which a type comes to use itself, with the type at both ends; undefined: it does not. */
  #cycleFrom(name: string): readonly string[] | undefined {
    const seen = new Set<string>()
    const search = (path: readonly string[]): readonly string[] | undefined => {
      for (const step of this.#types.get(path.at(-1) ?? '')?.steps ?? []) {
        if (!('use' in step)) continue
        if (step.use === name) return [...path, name]
        if (seen.has(step.use)) continue
        seen.add(step.use)
        const found = search([...path, step.use])
        if (found) return found
      }
      return undefined
    }
    return search([name])
  }
}

/** What the type says of markers holds for each of its steps, wherever they are used. */
function withMarkers(step: ProgramSource, type: TaskTypeSource | undefined): ProgramSource {
  return { ...step, markers: { ...type?.markers, ...step.markers } }
}
