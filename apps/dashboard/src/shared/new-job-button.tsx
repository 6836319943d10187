import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from 'wouter'

/** Beside the title of pages from which one goes on to a job of one's own. */
export function NewJobButton() {
  return (
    <Button component={Link} href="/new" size="xs" leftSection={<IconPlus size={14} aria-hidden />}>
      New job
    </Button>
  )
}
