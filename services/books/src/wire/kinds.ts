import { ENRICHMENT_JOB_TYPE, IMPORT_JOB_TYPE, SCAN_JOB_TYPE } from '../jobs/names.js'

/** The kinds of jobs that V3 has, as its paths and its answers name them. */
export const JOB_KINDS = {
  imports: { jobType: IMPORT_JOB_TYPE, shownType: 'csv_import', title: 'import', a: 'an import' },
  scans: { jobType: SCAN_JOB_TYPE, shownType: 'bookshelf_scan', title: 'scan', a: 'a scan' },
  enrichment: { jobType: ENRICHMENT_JOB_TYPE, shownType: 'batch_enrichment', title: 'enrichment', a: 'an enrichment' },
} as const

export type JobKindName = keyof typeof JOB_KINDS
export type JobKind = (typeof JOB_KINDS)[JobKindName]

export const JOB_KIND_NAMES = ['imports', 'scans', 'enrichment'] as const satisfies readonly JobKindName[]

const BY_TYPE = new Map<string, JobKind>(Object.values(JOB_KINDS).map((kind) => [kind.jobType, kind]))

/** The kind of a job of this service; undefined for all others. */
export function kindOf(job: { readonly type: string }): JobKind | undefined {
  return BY_TYPE.get(job.type)
}

/** The paths of the jobs of one kind. */
export function jobPaths(kind: JobKindName): { readonly [name in 'create' | 'job' | 'stream' | 'results']: string } {
  const create = `/v3/jobs/${kind}`
  return { create, job: `${create}/{jobId}`, stream: `${create}/{jobId}/stream`, results: `${create}/{jobId}/results` }
}
