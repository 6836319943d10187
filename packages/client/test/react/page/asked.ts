/** Something that the page shows. */
export interface View {
  /** Another key is another component. */
  readonly key: string
  readonly kind: 'follow' | 'job' | 'jobs' | 'sse' | 'socket'
  /** The job's, or the address of a stream; of a list, the type of its jobs. */
  readonly id?: string
  readonly token?: string
}

/** What a test asks of the page, and sees of it: `globalThis.asked` there. */
export interface Asked {
  show: (views: readonly View[]) => void
  /** Closes the client. */
  close: () => void
  /** How often each kind of view was rendered for good. */
  readonly commits: Record<string, number>
  /** Frames since the page was opened. */
  frames: number
}
