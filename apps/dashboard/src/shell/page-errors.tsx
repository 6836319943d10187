import { Button } from '@mantine/core'
import { Component } from 'react'
import type { ReactNode } from 'react'
import { Trouble } from '../shared/trouble.js'

interface State {
  readonly error?: Error
}

/** Shows that a page broke, in place of an empty window. */
export class PageErrors extends Component<{ readonly children: ReactNode }, State> {
  override state: State = {}

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <Trouble title="This page broke" error={error}>
        <Button size="xs" onClick={() => window.location.reload()}>
          Load it again
        </Button>
      </Trouble>
    )
  }
}
