import type { Stats } from '@headway/protocol'
import { Ago } from '../shared/ago.js'
import { formatCount } from '../shared/format.js'
import { Nothing, Panel } from '../shared/panel.js'
import classes from './overview.module.css'

/** Who works, and how many watch. */
export function Workers({ stats: { workers, watchers } }: { readonly stats: Stats }) {
  return (
    <Panel title="Workers" aside={workers.length === 1 ? '1 node' : `${workers.length} nodes`}>
      {workers.length === 0 ? (
        <Nothing>No worker has a job.</Nothing>
      ) : (
        <div className={classes['scroll']} tabIndex={0} role="region" aria-label="Workers, table">
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col">Worker</th>
                <th scope="col">Running</th>
                <th scope="col" title="How many jobs it runs at a time, besides those that only wait for others">
                  Slots
                </th>
                <th scope="col">Since</th>
              </tr>
            </thead>
            <tbody>
              {workers.map(({ id, running, slots, since, self }) => (
                <tr key={id}>
                  <th scope="row" className="mono" title={id}>
                    {id.length > 14 ? `${id.slice(0, 14)}…` : id}
                    {self && <span className={classes['soft']}> this one</span>}
                  </th>
                  <td>{formatCount(running)}</td>
                  <td>{slots === null ? '?' : formatCount(slots)}</td>
                  <td>{since === null ? '?' : <Ago at={since} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <dl className={classes['watchers']} aria-label="Watchers">
        <div>
          <dt>SSE</dt>
          <dd>{formatCount(watchers.sse)}</dd>
        </div>
        <div>
          <dt>WebSocket</dt>
          <dd>{formatCount(watchers.websocket)}</dd>
        </div>
        <div>
          <dt>Polling</dt>
          <dd>{formatCount(watchers.poll)}</dd>
        </div>
      </dl>
    </Panel>
  )
}
