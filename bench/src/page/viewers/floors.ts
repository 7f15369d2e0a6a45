import type { Viewer } from '../viewer.ts'

/** A page that does nothing: what this browser spends on any page. */
export const emptyPage: Viewer = {
  name: 'empty page',
  packageName: null,
  ours: false,
  note: 'the floor; not connected',
  format: null,
  start: () => undefined,
}

/** A page that does nothing in every frame: what a page that shows live data spends before it has any. */
export const emptyFrames: Viewer = {
  name: 'empty page, every frame',
  packageName: null,
  ours: false,
  note: 'not connected, an empty requestAnimationFrame',
  format: null,
  start() {
    const next = (): void => void requestAnimationFrame(next)
    next()
  },
}
