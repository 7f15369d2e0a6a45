import { createElement, type ReactNode, useLayoutEffect } from 'react'

let shown!: (ms: number) => void
/** Milliseconds from the start of the navigation until React has put the value into the document. */
export const firstValue = new Promise<number>((resolve) => {
  shown = resolve
})

/** What every contestant renders: the x of one row, out of all of them. Undefined: it has none yet. */
export function Cell({ x }: { readonly x: number | undefined }): ReactNode {
  useLayoutEffect(() => {
    if (x !== undefined) shown(performance.now())
  }, [x])
  return createElement('output', null, x ?? 'nothing yet')
}
