import { useStats } from '../api/use-stats.js'
import { NewJobButton } from '../shared/new-job-button.js'
import { Page } from '../shared/page.js'
import { PageSkeleton } from '../shared/page-skeleton.js'
import { ErrorAlert } from '../shared/error-alert.js'
import { FailedJobs } from './failed-jobs.js'
import { Figures } from './figures.js'
import classes from './overview.module.css'
import { RunningJobs } from './running-jobs.js'
import { ThroughputPanel } from './throughput-panel.js'
import { TypesTable } from './types-table.js'
import { Workers } from './workers.js'

/** What the server is at, as a whole. */
export function OverviewPage() {
  const { value: stats, error, refresh } = useStats()
  return (
    <Page title="Overview" actions={<NewJobButton />}>
      {error !== undefined && (
        <ErrorAlert title={stats === undefined ? 'There are no figures' : 'The figures are old'} error={error} again={refresh} />
      )}
      {stats === undefined ? (
        error === undefined && <PageSkeleton />
      ) : (
        <div className={classes['page']}>
          <Figures stats={stats} />
          <div className={classes['columns']}>
            <div className={classes['column']}>
              <ThroughputPanel minutes={stats.minutes} />
              <RunningJobs />
              <TypesTable types={stats.types} />
            </div>
            <div className={classes['column']}>
              <Workers stats={stats} />
              <FailedJobs />
            </div>
          </div>
        </div>
      )}
    </Page>
  )
}
