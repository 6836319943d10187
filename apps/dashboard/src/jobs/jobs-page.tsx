import { Button } from '@mantine/core'
import { HeadwayClientError } from '@headway/client'
import { useEffect, useMemo } from 'react'
import { useSearch } from 'wouter'
import { navigate } from '../location/hash-location.js'
import { NewJobButton } from '../shared/new-job-button.js'
import { Page } from '../shared/page.js'
import { ErrorAlert } from '../shared/error-alert.js'
import { FilterBar } from './filter-bar.js'
import { addressOf, areSet, isQueryOf, newestPage, pageAt, parseFilters, queryOf } from './filters.js'
import type { Filters } from './filters.js'
import { JobTable, TableSkeleton } from './job-table.js'
import classes from './jobs.module.css'
import { NoJobs } from './no-jobs.js'
import { useSteadyJobs } from './use-steady-jobs.js'
import { Waiting } from './waiting.js'

const PER_PAGE = 50

/** Every job that is kept, the newest first, by what one looks for. */
export function JobsPage() {
  const search = useSearch()
  const filters = useMemo(() => parseFilters(search), [search])
  // "The last hour" is that before one asked for it.
  const now = useMemo(() => (filters.at === undefined ? Date.now() : Date.parse(filters.at)), [filters])
  const query = useMemo(() => queryOf(filters, now, PER_PAGE), [filters, now])
  const { list, error, refresh, showWaiting } = useSteadyJobs(query)
  // Other jobs than those that a page began with: its first page.
  const change = (changed: Partial<Filters>): void => navigate(addressOf({ ...newestPage(filters), ...changed }), { replace: true })
  // The server looks at so many jobs for a page; where none of them fits, it goes on with older ones.
  const goesOn = list?.jobs.length === 0 && list.nextCursor !== null
  const isStrange = filters.cursor !== undefined && error instanceof HeadwayClientError && error.code === 'INVALID_CURSOR'
  useEffect(() => {
    if (isStrange) navigate(addressOf(newestPage(filters)), { replace: true })
    else if (goesOn) navigate(addressOf(pageAt(filters, list.nextCursor, now)), { replace: true })
    // The address says what is shown, and nothing that was not understood in it.
    else if (!isQueryOf(search, filters)) navigate(addressOf(filters), { replace: true })
  }, [isStrange, goesOn, list, filters, now, search])
  return (
    <Page title="Jobs" actions={<NewJobButton />}>
      <FilterBar filters={filters} change={change} />
      {error !== undefined && (
        <ErrorAlert title={list === undefined ? 'The jobs could not be read' : 'The list is old'} error={error} again={refresh} />
      )}
      <section aria-label="Jobs" className={classes['list']}>
        {filters.cursor === undefined && list !== undefined && <Waiting count={list.waiting} more={list.more} show={showWaiting} />}
        {list === undefined ? (
          error === undefined && <TableSkeleton />
        ) : goesOn ? (
          <TableSkeleton />
        ) : list.jobs.length === 0 ? (
          <NoJobs filtered={areSet(filters) || filters.cursor !== undefined} clear={() => navigate('/jobs')} />
        ) : (
          <JobTable jobs={list.jobs} />
        )}
      </section>
      {list !== undefined && (filters.cursor !== undefined || list.nextCursor !== null) && (
        <nav aria-label="Pages of jobs" className={classes['pages']}>
          <Button
            size="xs"
            variant="default"
            disabled={filters.cursor === undefined}
            onClick={() => navigate(addressOf(newestPage(filters)))}
          >
            Newest
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={list.nextCursor === null}
            onClick={() => {
              navigate(addressOf(pageAt(filters, list.nextCursor, now)))
              window.scrollTo({ top: 0 })
            }}
          >
            Older
          </Button>
        </nav>
      )}
    </Page>
  )
}
