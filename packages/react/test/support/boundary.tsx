import { Component, type ReactNode } from 'react'

interface State {
  readonly message: string | null
}

/** Shows what its children threw. */
// A class, because React has no other error boundary.
export class Boundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { message: null }

  static getDerivedStateFromError(error: Error): State {
    return { message: `caught: ${error.message}` }
  }

  override render(): ReactNode {
    return this.state.message === null ? this.props.children : <b>{this.state.message}</b>
  }
}
