import { Page } from '../shared/page.js'

export default function NewJobPage({ type }: { readonly type?: string }) {
  return <Page title="New job">{type}</Page>
}
