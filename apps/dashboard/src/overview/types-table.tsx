import { Anchor } from '@mantine/core'
import type { Stats } from '@headway/protocol'
import { Link } from 'wouter'
import { formatCount } from '../shared/format.js'
import { Nothing, Panel } from '../shared/panel.js'
import { STATUSES } from '../shared/statuses.js'
import classes from './overview.module.css'

/** How many jobs there are of each type and status. Each figure leads to its jobs. */
export function TypesTable({ types }: { readonly types: Stats['types'] }) {
  return (
    <Panel title="Jobs by type" aside="all that are kept">
      {types.length === 0 ? (
        <Nothing>There are no job types.</Nothing>
      ) : (
        <div className={classes['scroll']} tabIndex={0} role="region" aria-label="Jobs by type, table">
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col">Type</th>
                {STATUSES.map((status) => (
                  <th key={status} scope="col">
                    {status}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {types.map((type) => (
                <tr key={type.name}>
                  <th scope="row">
                    <Anchor component={Link} href={`/jobs?type=${type.name}`} inherit>
                      {type.name}
                    </Anchor>
                  </th>
                  {STATUSES.map((status) => (
                    <td key={status}>
                      {type[status] === 0 ? (
                        <span className={classes['zero']}>0</span>
                      ) : (
                        <Anchor
                          component={Link}
                          href={`/jobs?type=${type.name}&status=${status}`}
                          inherit
                          aria-label={`${type[status]} ${status} of ${type.name}`}
                        >
                          {formatCount(type[status])}
                        </Anchor>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}
