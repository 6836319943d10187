import type { JobTypeInfo, Json } from '@headway/protocol'

/** What every form of a job type takes. */
export interface FormProps {
  readonly type: JobTypeInfo
  /** What the form begins with: the input of a job that is to run again. */
  readonly initial?: Json | undefined
  /** Called with the id of the job that was made. */
  readonly created: (id: string) => void
}
