import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { Page } from '../shared/page.js'

export function NotFound() {
  return (
    <Page title="There is no such page">
      <p>
        Go to the{' '}
        <Anchor component={Link} href="/">
          overview
        </Anchor>{' '}
        or to the{' '}
        <Anchor component={Link} href="/jobs">
          jobs
        </Anchor>
        .
      </p>
    </Page>
  )
}
