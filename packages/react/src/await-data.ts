import { askInitial, type PageStore, type Path, requests, RivuletError } from '@rivulet/client'
import type { SourceMemory, StoreSource } from './store-source.ts'

/**
 * Throws a promise, as Suspense wants it, until everything that `source` reads has had its first data.
 *
 * Nothing that comes later suspends again: while a component is subscribed, what it reads stays known, through lost connections too; so only paths that are asked for anew are looked at. A selector is not asked anew when
 * it is another function, because an inline one always is: what it reads later, it reads as far as it is known.
 *
 * @throws RivuletError the error of a path that has never had data; `disposed` when none can come.
 */
export function awaitData(memory: SourceMemory, source: StoreSource): void {
  // Where there is no document there is no page that could follow anything: React renders there once, from what the page will hydrate with.
  if (typeof document === 'undefined') {
    for (const path of source.readsOnServer()) awaitInitial(source.store, path)
    return
  }
  if (isShown(memory, source)) return
  for (const path of source.reads()) awaitPath(source.store, path)
}

/** Whether the component shows an answer to the same question now. */
function isShown({ committed, subscribed }: SourceMemory, source: StoreSource): boolean {
  if (committed === null || subscribed === 0) return false
  return (
    committed === source ||
    (committed.store === source.store && typeof committed.query === 'function' && typeof source.query === 'function')
  )
}

function awaitInitial(store: PageStore<unknown>, path: Path): void {
  if (!store.initial(path).known) wait(askInitial(store, path))
}

function awaitPath(store: PageStore<unknown>, path: Path): void {
  // Renewed each time, because another component below the same boundary may take longer.
  requests.renew(store, path)
  if (store.loaded(path)) return
  const error = store.statusError(path)
  if (error !== undefined) throw error
  if (store.client.connection.get().state === 'disposed') {
    throw new RivuletError('disposed', 'the client was disposed before the first data', { store: store.def.name, path })
  }
  // Throws for a path that leads nowhere, which nobody could wait for.
  store.get(path as never)
  wait(requests.ask(store, path))
}

// React takes what a render throws, if it can be waited for; `use` would do the same, from React 19 on.
function wait(promise: Promise<void>): never {
  throw promise
}
