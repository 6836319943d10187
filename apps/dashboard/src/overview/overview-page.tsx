import { Page } from '../shared/page.js'

export function OverviewPage() {
  return <Page title="Overview">…</Page>
}
