import { cpus, release, totalmem, type } from 'node:os'

/** What the figures depend on. No names and no paths. */
export function machineFacts() {
  const [cpu] = cpus()
  return {
    node: process.versions.node,
    cores: cpus().length,
    cpu: cpu?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release().split('-')[0]}`,
  }
}
