import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface ErrorAlertProps {
  readonly title: string
  readonly error: Error
  /** Tries once more what did not go well. */
  readonly again?: () => void
  /** What else can be done about it. */
  readonly children?: ReactNode
}

/** Something did not go well: what, why and what to do about it. */
export function ErrorAlert({ title, error, again, children }: ErrorAlertProps) {
  return (
    <Alert variant="outline" color="red" icon={<IconAlertTriangle aria-hidden />} title={title} role="alert">
      <Text size="sm">{error.message}</Text>
      {(again !== undefined || children !== undefined) && (
        <Group mt="xs">
          {again !== undefined && (
            <Button size="xs" variant="default" onClick={again}>
              Try again
            </Button>
          )}
          {children}
        </Group>
      )}
    </Alert>
  )
}
