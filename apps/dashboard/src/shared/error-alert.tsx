import { Alert, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface ErrorAlertProps {
  readonly title: string
  readonly error: Error
  /** What can be done about it. */
  readonly children?: ReactNode
}

/** Something did not go well: what, why and what to do about it. */
export function ErrorAlert({ title, error, children }: ErrorAlertProps) {
  return (
    <Alert variant="outline" color="red" icon={<IconAlertTriangle aria-hidden />} title={title} role="alert">
      <Text size="sm">{error.message}</Text>
      {children !== undefined && <Group mt="xs">{children}</Group>}
    </Alert>
  )
}
