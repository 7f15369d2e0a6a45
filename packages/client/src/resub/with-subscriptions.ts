import { useState, useSyncExternalStore } from 'react'
import * as resub from 'resub'
import type { StoreBase } from 'resub'
import { type Read, readsSource, type ReadsMemory } from './reads-source.ts'
import { withoutMemo } from './without-memo.ts'

type Handler = Parameters<typeof resub.enableAutoSubscribeWrapper>[0]

// Node finds all names of this CommonJS module but `Options`.
const { Options } = 'Options' in resub ? resub : (resub as unknown as { readonly default: typeof resub }).default

/**
 * ReSub's `withResubAutoSubscriptions` without its faults, for function components that call auto-subscribing getters of ReSub stores. The component renders again when one of the keys
 * that it has read is triggered.
 *
 * - No update is lost: what changes between the render and its effects is noticed, as is what changes while React prepares a concurrent render.
 * - React Compiler may compile the component; its cache is not used (`'use no memo'`).
 * - Getters may be called in conditions and loops, and may change from render to render.
 *
 * Works with every ReSub store; {@link RivuletStore} is cheapest, because other stores cannot tell what they missed and make the component render once more after mounting.
 *
 * @deprecated A way in for existing components. New ones read with `useStore` of `@rivulet/react`.
 *
 * @example
 * export const Turn = withRivuletSubscriptions(function Turn() { return <p>{boards.getXTurn() ? 'X' : 'O'}</p> })
 */
export function withRivuletSubscriptions<P, R>(component: (props: P) => R): (props: P) => R {
  // Named `useRender`, because it is a hook in all but name: it is called once per render, first of all.
  const useRender = (props: P): R => {
    'use no memo'
    const [memory] = useState<ReadsMemory>(createMemory)
    const reads: Read[] = []
    const rendered = withoutMemo(() => collect(reads, component, props))
    const source = readsSource(memory, reads)
    useSyncExternalStore(source.subscribe, source.stamp, source.stamp)
    return rendered
  }
  return Object.assign(useRender, { displayName: `withRivuletSubscriptions(${component.name || 'component'})` })
}

function createMemory(): ReadsMemory {
  return { committed: null }
}

function collect<P, R>(reads: Read[], component: (props: P) => R, props: P): R {
  const seen = new Map<StoreBase, Set<string>>()
  const handler: Handler = {
    handle(_self, store: StoreBase, key: string) {
      let keys = seen.get(store)
      if (keys === undefined) seen.set(store, (keys = new Set()))
      if (keys.has(key)) return
      keys.add(key)
      reads.push({ store, key })
    },
  }
  // Its getters find out whether they are in a render by calling a hook, which makes getters in conditions break the order of hooks.
  const { development } = Options
  Options.development = false
  try {
    return resub.enableAutoSubscribeWrapper(handler, component, handler)(props)
  } finally {
    Options.development = development
  }
}
