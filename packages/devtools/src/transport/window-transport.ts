import type { Transport } from '../protocol.ts'
import { openLine } from './line.ts'

/** Which end of a {@link windowTransport} this is. */
export type WindowSide = 'agent' | 'panel'

interface WindowParcel {
  readonly rivulet: string
  readonly from: WindowSide
  readonly parcel: unknown
}

/**
 * A transport over `window.postMessage` between two scripts that share a window and nothing else: the page's and an extension's content script. Everybody in the window can hear and say what passes, so it carries nothing
 * that the page does not know; `nonce`, agreed elsewhere, keeps two lines apart.
 *
 * @example
 * const nonce = crypto.randomUUID()
 * agent.connect(windowTransport(window, 'agent', nonce))
 */
export function windowTransport<Out, In>(on: Window, side: WindowSide, nonce: string): Transport<Out, In> {
  const until = new AbortController()
  // An opaque origin is nobody's address; the window is the same one in any case.
  const target = on.origin === 'null' ? '*' : on.origin
  return openLine<Out, In>({
    post(parcel, transfer = []) {
      const message: WindowParcel = { rivulet: nonce, from: side, parcel }
      on.postMessage(message, target, [...transfer])
    },
    listen(heard) {
      const take = ({ source, data }: MessageEvent<Partial<WindowParcel> | null>): void => {
        if (source !== on || data?.rivulet !== nonce || data.from === side) return
        heard(data.parcel)
      }
      on.addEventListener('message', take, { signal: until.signal })
    },
    close: () => until.abort(),
  })
}
