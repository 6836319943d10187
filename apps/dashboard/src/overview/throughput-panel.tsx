import type { Stats } from '@headway/protocol'
import { Panel } from '../shared/panel.js'
import classes from './overview.module.css'
import { ThroughputChart } from './throughput-chart.js'

const SERIES = [
  { name: 'completed', color: 'var(--hw-completed)' },
  { name: 'failed', color: 'var(--hw-failed)' },
  { name: 'cancelled', color: 'var(--hw-cancelled)' },
  { name: 'created', color: 'var(--hw-running)' },
] as const

/** How many jobs ended in each minute of the last hour, how they ended, and how many came. */
export function ThroughputPanel({ minutes }: { readonly minutes: Stats['minutes'] }) {
  const sum = (name: (typeof SERIES)[number]['name']): number => minutes.reduce((all, minute) => all + minute[name], 0)
  return (
    <Panel
      title="Throughput, last hour"
      aside={
        <ul className={classes['legend']}>
          {SERIES.map(({ name, color }) => (
            <li key={name}>
              <i style={{ background: color }} aria-hidden />
              {name} {sum(name)}
            </li>
          ))}
        </ul>
      }
    >
      <ThroughputChart minutes={minutes} />
    </Panel>
  )
}
