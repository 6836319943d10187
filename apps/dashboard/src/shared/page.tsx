import { Group, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'

interface PageProps {
  readonly title: string
  /** Beside the title. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A page with its title, which takes the focus when the page opens, so that screen readers say where one is. */
export function Page({ title, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useDocumentTitle(`${title} · Headway`)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <>
      <Group justify="space-between" align="center" mb="sm" gap="xs">
        <Title order={1} ref={heading} tabIndex={-1}>
          {title}
        </Title>
        {actions}
      </Group>
      {children}
    </>
  )
}
