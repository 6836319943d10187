/** Whether a job of this status is over. The event that brings a status has its name: the last one of a log, too. */
export function isTerminal(status: string): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}
