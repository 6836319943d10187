import type { JobType } from '../define-job.js'
import type { EngineOptions } from '../engine.js'
import type { RetentionGroup, RetentionPolicy } from '../store/job-store.js'

/** What a sweep is to keep. @param types all that are known now, those that are no longer offered among them */
export function retentionPolicy(options: EngineOptions['retention'] = { default: {} }, types: readonly JobType[]): RetentionPolicy {
  const members = new Map<string, string[]>()
  for (const { name, retentionGroup } of types) {
    if (retentionGroup === undefined) continue
    const group = members.get(retentionGroup)
    if (group === undefined) members.set(retentionGroup, [name])
    else group.push(name)
  }
  const groups = Array.from(members, ([group, names]): RetentionGroup => ({
    types: names,
    keep: options.byGroup?.[group] ?? options.default,
  }))
  return { default: options.default, ...(options.byType && { byType: options.byType }), groups }
}
