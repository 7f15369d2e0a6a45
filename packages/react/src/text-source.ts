import { asOrigin, zeroAt, type PageStore, type Path } from '@rivulet/client'
import { samePath } from './same-path.ts'
import type { Source } from './source.ts'
import { countMemory, type OriginMemory } from './use-origin.ts'

/** How a value becomes text. */
export type Format = (value: unknown) => string

/** A value that writes itself into an element, past React. */
export interface TextSource extends Source<string> {
  readonly store: PageStore<unknown>
  readonly path: Path
  readonly format: Format
  /** The element to write into, from now on; null: none. A ref callback. */
  readonly attach: (element: Element | null) => void
}

/** What one text keeps from render to render: the source that React has subscribed to last, if any. */
export interface TextMemory extends OriginMemory {
  committed: TextSource | null
}

/** A fresh {@link TextMemory}, for `useState`. */
export function createTextMemory(): TextMemory {
  return { serial: countMemory(), committed: null }
}

/** The source of a text: the one that the component is subscribed to when that shows the same, else a fresh one. */
export function textSource(memory: TextMemory, store: PageStore<unknown>, path: Path, format: Format): TextSource {
  const known = memory.committed
  if (known !== null && known.store === store && known.format === format && samePath(known.path, path)) return known
  let element: Element | null = null
  // What React believes to be there, for good: it must never have a reason to touch the text again.
  let rendered: string | null = null

  const write = (): void => {
    if (element === null) return
    const text = format(store.get(path))
    const node = element.firstChild
    if (node === null) element.textContent = text
    else if (node.nodeValue !== text) node.nodeValue = text
  }

  const source: TextSource = {
    store,
    path,
    format,
    attach(next) {
      element = next
      // What is shown may have changed since the render, and while the element was hidden.
      write()
    },
    subscribe() {
      memory.committed = source
      const stop = asOrigin(store.client, memory.origin, source.get, write, (heard) => store.subscribe(path, heard))
      write()
      return stop
    },
    get: () => (rendered ??= format(store.get(path))),
    getServer: () => (rendered ??= format(zeroAt(store.def, path))),
  }
  return source
}

/** A number, a string or nothing as text. */
export function plainText(value: unknown): string {
  return value === null || value === undefined ? '' : `${value as string | number | bigint}`
}
