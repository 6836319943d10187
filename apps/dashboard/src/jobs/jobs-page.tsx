import { Page } from '../shared/page.js'

export function JobsPage() {
  return <Page title="Jobs">…</Page>
}
