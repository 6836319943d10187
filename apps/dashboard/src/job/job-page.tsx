import { Page } from '../shared/page.js'

/** One job: what it does and did. */
export default function JobPage({ id }: { readonly id: string }) {
  return (
    <Page title="Job">
      <p className="mono">{id}</p>
    </Page>
  )
}
