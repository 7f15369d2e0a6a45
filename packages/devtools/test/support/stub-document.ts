import { vi } from 'vitest'

/** A document as far as clients and agents look at it, where there is none. Ended by `vi.unstubAllGlobals()`. */
export function stubDocument(): void {
  const page = { visibilityState: 'visible', title: 'Harbour', location: { href: 'http://localhost/fleet' } }
  vi.stubGlobal('document', Object.assign(new EventTarget(), page))
}
