/**
 * One step of the schema. `oldestReader` and `oldestWriter` are the lowest schema versions whose programs may
 * still read and write a database at this step.
 */
export interface Migration {
  readonly version: number
  readonly oldestReader: number
  readonly oldestWriter: number
  readonly sql: string
}

/**
 * Every step, in order; one that was released is never changed.
 *
 * `jobs` holds what changes with almost every append and is kept small; `details` what never changes.
 * `queue` is 0 for a job that does not wait, else why it waits: see writer/queue.ts.
 * `jobs_unsuccessful` is of what is looked for among many others.
 * Row ids are not used again, because `garbage` names logs of jobs that are gone.
 * `segments.id` is `job << 32 | seq of its last event`: rows of one log lie together, and a cursor finds its place without an index.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    oldestReader: 1,
    oldestWriter: 1,
    sql: `
      create table jobs (
        id integer primary key autoincrement,
        uuid text not null unique,
        type text not null,
        status text not null,
        queue integer not null,
        priority integer not null,
        run_at integer not null,
        queue_timeout integer,
        queue_deadline integer,
        attempt integer not null default 0,
        recoveries integer not null default 0,
        max_recoveries integer not null,
        head integer not null,
        epoch integer not null default 0,
        lease_worker text,
        lease_expires integer,
        request text,
        why text,
        key text,
        key_limit integer,
        holds_key integer not null default 0,
        batch_id text,
        batch_epoch integer,
        batch_base integer,
        parent text,
        progress text,
        result text,
        error text,
        created_at integer not null,
        started_at integer,
        finished_at integer,
        watched_until integer,
        due_at integer
      ) strict;
      create index jobs_ready on jobs (type, priority desc, id) where queue = 1;
      create index jobs_scheduled on jobs (type, run_at) where queue = 2;
      create index jobs_blocked on jobs (key, type, priority desc, id) where queue = 3;
      create index jobs_ready_by_key on jobs (key) where queue = 1 and key is not null;
      create index jobs_deadlines on jobs (queue_deadline) where queue > 0 and queue_deadline is not null;
      create index jobs_key_holders on jobs (key) where holds_key = 1;
      create index jobs_leases on jobs (lease_expires) where lease_worker is not null;
      create index jobs_open on jobs (id) where finished_at is null;
      create index jobs_finished on jobs (type, finished_at, id) where finished_at is not null;
      create index jobs_types on jobs (type, id);
      create index jobs_parents on jobs (parent, id) where parent is not null;
      create table details (id integer primary key, input text not null, definition text, retry_of text) strict;
      create table checkpoints (id integer primary key, value text not null) strict;
      create table segments (id integer primary key, first integer not null, lines text not null) strict;
      create table garbage (job integer primary key) strict;
      create table idempotency (
        scope text not null, key text not null, fingerprint text not null, job integer not null, primary key (scope, key)
      ) strict, without rowid;
      create index idempotency_jobs on idempotency (job);
      create table tallies (type text not null, status text not null, jobs integer not null, primary key (type, status)) strict, without rowid;
      create table key_values (
        key text primary key, value text not null, version integer not null, expires integer
      ) strict, without rowid;
      create index key_values_expiry on key_values (expires) where expires is not null;
      create table counters (name text primary key, value integer not null) strict, without rowid;
      insert into counters values ('key_value_version', 0);
    `,
  },
  {
    version: 2,
    oldestReader: 1,
    oldestWriter: 1,
    sql: 'alter table tallies add column pruned integer not null default 0',
  },
  {
    version: 3,
    oldestReader: 1,
    oldestWriter: 1,
    sql: `
      create index jobs_created on jobs (created_at);
      create index jobs_waiting on jobs (max(run_at, created_at)) where queue in (1, 3);
      create table minutes (
        at integer primary key, created integer not null, completed integer not null, failed integer not null, cancelled integer not null
      ) strict;
    `,
  },
  {
    version: 4,
    oldestReader: 1,
    oldestWriter: 1,
    // The minutes before they were counted: a day, as far as jobs are kept.
    sql: `
      create index jobs_unsuccessful on jobs (id) where status in ('failed', 'cancelled');
      insert into minutes (at, created, completed, failed, cancelled)
        select at, sum(created), sum(completed), sum(failed), sum(cancelled) from (
          select created_at - created_at % 60000 as at, 1 as created, 0 as completed, 0 as failed, 0 as cancelled from jobs
            where created_at > (unixepoch() - 86400) * 1000
          union all
          select finished_at - finished_at % 60000, 0, status = 'completed', status = 'failed', status = 'cancelled' from jobs
            where finished_at > (unixepoch() - 86400) * 1000
        ) where true group by at
        on conflict (at) do update set created = max(created, excluded.created), completed = max(completed, excluded.completed),
          failed = max(failed, excluded.failed), cancelled = max(cancelled, excluded.cancelled);
    `,
  },
]
