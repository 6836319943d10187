import { ID_EPOCH_MS, ID_NUMBER_BITS } from './job-id.js'

/**
 * One step of the schema. `oldestReader` and `oldestWriter` are the lowest schema versions whose programs may still read and write a database
 * at this step: those of the release before go on while nodes are brought to the new one, so a step only ever adds.
 */
export interface Migration {
  readonly version: number
  readonly oldestReader: number
  readonly oldestWriter: number
  readonly sql: string
}

/** What a hot table needs so that updates find room beside the old row, and dead rows go soon. */
const HOT = 'fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0'

/**
 * Every step, in order; one that was released is never changed. Tables and columns have the names and meanings that they have in the embedded
 * store. What differs:
 *
 * `jobs.id` holds the time of creation (see job-id.ts), so ids are in the order of age over all nodes; `details` and `segments`, which hold
 * nearly all bytes, are partitioned by it, and a partition whose jobs are all gone is dropped whole.
 * The indexes that change with every claim are as few as can be: each costs every update of a row.
 * `jobs_owned` is without the time of the lease's end, so that a renewal touches no index.
 * `tally_changes` holds what has changed since the tallies were last summed up: one row that everybody counts on would be a queue.
 * `idempotency.job` is the job's public id, which is known before the job has a row.
 * A blob has its row before it has any bytes, here or in the bucket, so that what a crash leaves behind is found; `size` and `sha256` are null
 * until it is whole. `upload` is the bucket's name for an upload under way.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    oldestReader: 1,
    oldestWriter: 1,
    sql: `
      create function headway.now_ms() returns bigint language sql volatile as
        'select (date_part(''epoch'', clock_timestamp()) * 1000)::bigint';
      create function headway.iso(ms bigint) returns text language sql immutable as
        'select to_char(to_timestamp(ms / 1000.0) at time zone ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'')';
      create sequence headway.job_numbers minvalue 0 maxvalue ${2 ** ID_NUMBER_BITS - 1} cycle;
      create function headway.new_job_id(ms bigint) returns bigint language sql volatile as
        'select ((ms - ${ID_EPOCH_MS}) << ${ID_NUMBER_BITS}) | nextval(''headway.job_numbers'')';
      create table headway.jobs (
        id bigint primary key,
        uuid uuid not null unique,
        type text not null,
        status text not null,
        queue smallint not null,
        priority integer not null,
        run_at bigint not null,
        queue_timeout bigint,
        queue_deadline bigint,
        attempt integer not null default 0,
        recoveries integer not null default 0,
        max_recoveries integer not null,
        head bigint not null,
        epoch bigint not null default 0,
        lease_worker text,
        lease_expires bigint,
        request text,
        why text,
        key text,
        key_limit integer,
        holds_key smallint not null default 0,
        batch_id text,
        batch_epoch bigint,
        batch_base bigint,
        parent uuid,
        progress text,
        result text,
        error text,
        created_at bigint not null,
        started_at bigint,
        finished_at bigint,
        watched_until bigint,
        due_at bigint
      ) with (${HOT});
      create index jobs_ready on headway.jobs (type, priority desc, id) where queue = 1;
      create index jobs_scheduled on headway.jobs (type, run_at) where queue = 2;
      create index jobs_blocked on headway.jobs (key, type, priority desc, id) where queue = 3;
      create index jobs_ready_by_key on headway.jobs (key) where queue = 1 and key is not null;
      create index jobs_waiting on headway.jobs (greatest(run_at, created_at)) where queue in (1, 3);
      create index jobs_deadlines on headway.jobs (queue_deadline) where queue > 0 and queue_deadline is not null;
      create index jobs_key_holders on headway.jobs (key) where holds_key = 1;
      create index jobs_owned on headway.jobs (type, lease_worker) where lease_worker is not null;
      create index jobs_open on headway.jobs (id) where finished_at is null;
      create index jobs_finished on headway.jobs (type, finished_at, id) where finished_at is not null;
      create index jobs_unsuccessful on headway.jobs (id) where status in ('failed', 'cancelled');
      create index jobs_types on headway.jobs (type, id);
      create index jobs_parents on headway.jobs (parent, id) where parent is not null;
      create table headway.details (id bigint primary key, input text not null, definition text, retry_of uuid) partition by range (id);
      create table headway.segments (
        job bigint not null, last bigint not null, first bigint not null, lines text not null, primary key (job, last)
      ) partition by range (job);
      create table headway.checkpoints (id bigint primary key, value text not null) with (${HOT});
      create table headway.garbage (job bigint primary key, added_at bigint not null);
      create index garbage_added on headway.garbage (added_at, job);
      create table headway.idempotency (
        scope text not null, key text not null, fingerprint text not null, job uuid not null, primary key (scope, key)
      );
      create index idempotency_jobs on headway.idempotency (job);
      create table headway.tallies (
        type text not null, status text not null, jobs bigint not null, pruned bigint not null, primary key (type, status)
      );
      create table headway.minutes (
        at bigint primary key, created bigint not null, completed bigint not null, failed bigint not null, cancelled bigint not null
      );
      create table headway.tally_changes (
        type text not null, status text not null, jobs integer not null, pruned integer not null, at bigint not null, created integer not null
      ) with (${HOT});
      create table headway.checks (id integer primary key, at bigint not null);
      create sequence headway.key_value_versions;
      create table headway.key_values (
        key text collate "C" primary key, value text not null, version bigint not null, expires bigint
      ) with (${HOT});
      create index key_values_expiry on headway.key_values (expires) where expires is not null;
      create table headway.blobs (
        owner uuid not null, name uuid not null, size bigint, sha256 text, in_bucket boolean not null default false, upload text,
        written_at bigint not null, primary key (owner, name)
      );
      create table headway.blob_pieces (
        owner uuid not null, name uuid not null, number integer not null, bytes bytea not null, primary key (owner, name, number),
        foreign key (owner, name) references headway.blobs on delete cascade
      );
      alter table headway.blob_pieces alter column bytes set storage external;
    `,
  },
]
