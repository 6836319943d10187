import { lazy, Suspense, useMemo } from 'react'
import { Route, Switch } from 'wouter'
import { baseUrl } from '../api/base-url.js'
import { Server } from '../api/server.js'
import { ServerContext } from '../api/use-server.js'
import { JobsPage } from '../jobs/jobs-page.js'
import { OverviewPage } from '../overview/overview-page.js'
import { useSession } from '../session/use-session.js'
import { PageSkeleton } from '../shared/page-skeleton.js'
import { Header } from './header.js'
import { NotFound } from './not-found.js'
import { PageErrors } from './page-errors.js'
import classes from './shell.module.css'

const JobPage = lazy(() => import('../job/job-page.js'))
const NewJobPage = lazy(() => import('../new-job/new-job-page.js'))

/** What somebody who is signed in sees: the header, and below it a page. */
export function Shell({ apiKey }: { readonly apiKey: string }) {
  const session = useSession()
  const server = useMemo(() => new Server({ baseUrl: baseUrl(), apiKey, refused: () => session.refuse(apiKey) }), [apiKey, session])
  return (
    <ServerContext value={server}>
      <a
        className="skip-link"
        href="#main"
        onClick={(event) => {
          // The hash is where pages are routed.
          event.preventDefault()
          document.querySelector<HTMLElement>('#main')?.focus()
        }}
      >
        Skip to the content
      </a>
      <Header />
      <main id="main" tabIndex={-1} className={classes['main']}>
        <PageErrors>
          <Suspense fallback={<PageSkeleton />}>
            <Switch>
              <Route path="/" component={OverviewPage} />
              <Route path="/jobs" component={JobsPage} />
              <Route path="/jobs/:id">{({ id }) => <JobPage key={id} id={id} />}</Route>
              <Route path="/new/:type?">
                {({ type }) => <NewJobPage {...(type !== undefined && { type: decodeURIComponent(type) })} />}
              </Route>
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </PageErrors>
      </main>
    </ServerContext>
  )
}
