import { HeadwayError, OpenJobs } from '@headway/core'
import type { Engine, StoredJob } from '@headway/core'
import { z } from 'zod'
import { ENRICHMENT_JOB_TYPE, IMPORT_JOB_TYPE, SCAN_JOB_TYPE } from '../jobs/names.js'

export interface OpenLimits {
  /** Imports, enrichments and scans of one address; 0: any number. Holders of API keys have no limit. */
  readonly maxOpen: number
  /** Scans in all: one runs at a time, and their photos wait on the disk; 0: any number. */
  readonly maxOpenScans: number
}

const ownedSchema = z.object({ owner: z.string() })

/** All scans count for this one. */
const EVERYBODY = 'everybody'

/** How many jobs of this service are not over: of each address, and of all scans. */
export class OpenBookJobs {
  readonly #ofAddresses: OpenJobs
  readonly #scans: OpenJobs

  constructor(engine: Pick<Engine, 'finished' | 'list'>, { maxOpen, maxOpenScans }: OpenLimits) {
    this.#ofAddresses = new OpenJobs(engine, {
      max: maxOpen,
      types: [IMPORT_JOB_TYPE, ENRICHMENT_JOB_TYPE, SCAN_JOB_TYPE],
      placesOf({ input }) {
        const owner = ownedSchema.safeParse(input).data?.owner
        return owner === undefined ? undefined : { owner, count: 1 }
      },
      refusal(open) {
        const message = `At most ${maxOpen} jobs of one address may wait, run or rest at a time, and ${open} do. Wait until some are over, or cancel some. An API key has no such limit.`
        return new HeadwayError('TOO_MANY_OPEN', message, { details: { open, limit: maxOpen } })
      },
    })
    this.#scans = new OpenJobs(engine, {
      max: maxOpenScans,
      types: [SCAN_JOB_TYPE],
      placesOf: () => ({ owner: EVERYBODY, count: 1 }),
      refusal: (open) => new HeadwayError('OVERLOADED', `${open} scans wait for this server, which is as many as may; try again later.`),
    })
  }

  /**
   * Takes a place for a job that is about to be made.
   *
   * @param owner see `ownerOf`; undefined may have any number
   * @throws HeadwayError TOO_MANY_OPEN, OVERLOADED
   */
  take(id: string, type: string, owner: string | undefined): void {
    this.#ofAddresses.take(id, owner)
    if (type !== SCAN_JOB_TYPE || owner === undefined) return
    try {
      this.#scans.take(id, EVERYBODY)
    } catch (error) {
      this.#ofAddresses.giveBack(id)
      throw error
    }
  }

  /** Counts a job until it is over. */
  made(job: StoredJob): void {
    for (const open of this.#all) open.made(job)
  }

  /** There is no such job after all. */
  giveBack(id: string): void {
    for (const open of this.#all) open.giveBack(id)
  }

  /** Counts what an earlier server left open. */
  async restore(): Promise<void> {
    for (const open of this.#all) await open.restore()
  }

  close(): void {
    for (const open of this.#all) open.close()
  }

  get #all(): readonly OpenJobs[] {
    return [this.#ofAddresses, this.#scans]
  }
}
