/** Selects a JobRow from `JOB_TABLES`. */
export const JOB_COLUMNS = `j.uuid, j.type, j.status, d.input, d.definition, j.progress, j.result, j.error, j.priority, j.attempt, j.recoveries,
  j.head, j.request, j.key, j.parent, d.retry_of, j.created_at, j.run_at, j.started_at, j.finished_at`
export const JOB_TABLES = 'jobs j join details d on d.id = j.id'
