import type { ReactNode } from 'react'
import { ConnectionBadge } from '../../../shared/page/connection-badge.tsx'
import type { Capture } from '../studio/capture.ts'
import type { Self } from '../studio/self.ts'
import { Desk } from './desk.tsx'
import { SenderTable } from './sender-table.tsx'

/** Props of {@link App}. */
export interface AppProps {
  readonly self: Self
  /** Another one in tests. */
  readonly capture?: Capture
}

/** The whole page. */
export function App({ self, capture }: AppProps): ReactNode {
  return (
    <main className="app">
      <header>
        <h1>Audio frames</h1>
        <ConnectionBadge />
      </header>
      <p className="lead">
        Fifty calls a second that nobody answers. The host checks their order and meters them; every page sees what it
        makes of them.
      </p>
      <Desk self={self} {...(capture === undefined ? {} : { capture })} />
      <SenderTable self={self.id} />
      <footer>
        <p>16 kHz, 16 bit, 20 ms per frame; at most 64 in flight, 50 waiting, then the oldest is dropped.</p>
      </footer>
    </main>
  )
}
