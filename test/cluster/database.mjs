import pg from 'pg'
import { setTimeout as wait } from 'node:timers/promises'

/** How long the database may be away before the test gives up, in milliseconds. */
const AWAY_MS = 60_000

const QUALIFIED = 'headway.segments'

/**
 * Who wrote each piece of a log, as the database itself sees it: the name of the connection, and when. In the same transaction as the piece, so there is a line for each
 * piece that is there.
 */
const AUDIT = `
  create table headway.audit (job bigint not null, first bigint not null, last bigint not null, writer text not null, at bigint not null);
  create function headway.audit() returns trigger language plpgsql as $$
  begin
    insert into headway.audit values (new.job, new.first, new.last, current_setting('application_name'), headway.now_ms());
    return null;
  end $$;
  create trigger audit after insert on ${QUALIFIED} for each row execute function headway.audit();
`

/** A piece of a job's log. @typedef {{ first: number, last: number, writer: string, at: number }} Piece `at`: milliseconds since the epoch, by the database's clock */

/** The database beside what the nodes do with it. */
export class ClusterDatabase {
  #url

  /** @param {string} url not through a proxy */
  constructor(url) {
    this.#url = url
  }

  /** To be called when the schema is there and before there is any job. */
  async startAudit() {
    await this.#query(AUDIT)
  }

  /** Ends some connections of nodes, as an operator or a failing network may. @returns {Promise<number>} how many */
  async terminate(random) {
    const connections = await this.#query(`select pid from pg_stat_activity where application_name like '%.%' order by pid`)
    const share = random.pick([0.1, 0.3, 1])
    const pids = connections.map(({ pid }) => pid).filter(() => random.chance(share))
    await this.#query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [pids])
    return pids.length
  }

  /** @returns {Promise<Map<string, Piece[]>>} the pieces of every job's log, in their order */
  async pieces() {
    const rows = await this.#query(
      `select j.uuid::text as id, a.first::float8 as first, a.last::float8 as last, a.writer, a.at::float8 as at
       from headway.audit a join headway.jobs j on j.id = a.job order by a.job, a.first`,
    )
    const pieces = new Map()
    for (const { id, ...piece } of rows) {
      if (!pieces.has(id)) pieces.set(id, [])
      pieces.get(id).push(piece)
    }
    return pieces
  }

  /** The row of a job, for reports. */
  async rowOf(id) {
    return (await this.#query('select to_jsonb(j) as row, headway.now_ms()::float8 as now from headway.jobs j where uuid = $1', [id]))[0]
  }

  /** Tries again while the database is away. */
  async #query(text, values) {
    for (const giveUpAt = performance.now() + AWAY_MS; ;) {
      const client = new pg.Client({ connectionString: this.#url })
      client.on('error', () => undefined)
      try {
        await client.connect()
        return (await client.query(text, values)).rows
      } catch (error) {
        const isAway = error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET' || /^(57P|08)/.test(error.code ?? '')
        if (!isAway || performance.now() > giveUpAt) throw error
        await wait(100)
      } finally {
        await client.end().catch(() => undefined)
      }
    }
  }
}
