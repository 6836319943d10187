import { Suspense, useEffect } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import type { HeadwayClient } from '@headway/client'
import { HeadwayProvider } from '@headway/client/react'
import { JobsPage } from '../jobs/jobs-page.js'
import { OverviewPage } from '../overview/overview-page.js'
import { part } from '../shared/part.js'
import { PageSkeleton } from '../shared/page-skeleton.js'
import { Header } from './header.js'
import { NotFound } from './not-found.js'
import { PageErrors } from './page-errors.js'
import classes from './shell.module.css'

const JobPage = part(() => import('../job/job-page.js'))
const NewJobPage = part(() => import('../new-job/new-job-page.js'))

/** What somebody who is signed in sees: the header, and below it a page. */
export function Shell({ client }: { readonly client: HeadwayClient }) {
  const [path] = useLocation()
  // On every page, so that one always sees whether the server is heard.
  useEffect(() => client.jobs.onChanged(() => undefined), [client])
  return (
    <HeadwayProvider client={client}>
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
        <PageErrors path={path}>
          <Suspense fallback={<PageSkeleton />}>
            <Switch>
              <Route path="/" component={OverviewPage} />
              <Route path="/jobs" component={JobsPage} />
              <Route path="/jobs/:id">{({ id }) => <JobPage key={id} id={id} />}</Route>
              <Route path="/new/:type?">{({ type }) => <NewJobPage {...(type !== undefined && { type: decoded(type) })} />}</Route>
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </PageErrors>
      </main>
    </HeadwayProvider>
  )
}

/** A name out of an address; as it stands there where it is no good one. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
