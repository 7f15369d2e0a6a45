import type { DevtoolsOptions } from './options.ts'
import { createOverlay, type Overlay } from './overlay.ts'

/** The overlay of a page, and how often it is mounted. */
interface Mounted {
  readonly overlay: Overlay
  readonly by: Set<DevtoolsOptions>
}

/** On the page rather than in this module: two copies of the package share one overlay. */
const MOUNTED: unique symbol = Symbol.for('rivulet.devtools')

/**
 * Puts the devtools on the page: a button in a corner, and behind it the panel. Mounted several times there is still one, with the options that came last; options of the others that it does not name stay; it goes with the last of them.
 *
 * Does nothing without a document. Nothing is loaded, observed or asked of any engine until the panel is opened.
 *
 * @returns what takes it off the page again; safe to call twice
 *
 * @example
 * const unmount = mountDevtools({ position: 'bottom-left', dock: 'right' })
 */
export function mountDevtools(options: DevtoolsOptions = {}): () => void {
  if (typeof document === 'undefined') return () => {}
  const page = globalThis as { [MOUNTED]?: Mounted | undefined }
  const mounted = (page[MOUNTED] ??= { overlay: createOverlay(), by: new Set() })
  // A set of objects of our own: the same options may be mounted twice.
  const mount = { ...options }
  mounted.by.add(mount)
  mounted.overlay.apply(mount)
  return () => {
    if (!mounted.by.delete(mount) || mounted.by.size > 0) return
    page[MOUNTED] = undefined
    mounted.overlay.remove()
  }
}
