import { Button } from '@mantine/core'
import { Component } from 'react'
import type { ReactNode } from 'react'
import { loadFailedPartsAgain } from '../shared/part.js'
import { ErrorAlert } from '../shared/error-alert.js'

interface PageErrorsProps {
  readonly children: ReactNode
  /** Which page it is: what broke on one does not matter on another. */
  readonly path: string
}

interface State {
  readonly error: Error | undefined
}

/** Shows that a page broke, in place of an empty window. */
export class PageErrors extends Component<PageErrorsProps, State> {
  override state: State = { error: undefined }

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override componentDidUpdate({ path }: PageErrorsProps): void {
    if (path !== this.props.path && this.state.error !== undefined) this.#again()
  }

  readonly #again = (): void => {
    loadFailedPartsAgain()
    this.setState({ error: undefined })
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <ErrorAlert title="This page broke" error={error}>
        <Button size="xs" onClick={this.#again}>
          Try again
        </Button>
      </ErrorAlert>
    )
  }
}
