import type { JobTypeInfo } from '@headway/protocol'

/** What every form of a job type takes. */
export interface FormProps {
  readonly type: JobTypeInfo
  /** Called with the id of the job that was made. */
  readonly created: (id: string) => void
}
