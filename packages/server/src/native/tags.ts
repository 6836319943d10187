/** Groups of the native routes in the API description. */
export const JOBS_TAG = { name: 'Jobs', description: 'Jobs of every type: create, look at, control' } as const
export const EVENTS_TAG = { name: 'Events', description: "Follow a job's log" } as const
export const SYSTEM_TAG = { name: 'System', description: 'Health, figures and descriptions' } as const
