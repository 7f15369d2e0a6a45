import { RivuletError, type StoreDef } from '@rivulet/wire'
import { millis } from './client-config.ts'
import { createLayers, type Layers } from './optimistic-layers.ts'
import type { Draft, Drafts, Optimistic, OptimisticOptions } from './optimistic-types.ts'
import type { Client } from './types.ts'

const SETTLE_MS = 1000

const layersOf = new WeakMap<Client, Layers>()

/**
 * What a call is expected to change, shown on the page from the moment of the call: over the server's state, under everything that reads it.
 *
 * `recipe` changes a draft of one store, or drafts of several, by plain assignment. It runs at once, and again whenever the server's state changes, so it must be quick, without side effects, and finished when it
 * returns. Calls under way show their changes in the order in which they were made. The change goes when the call fails, at once; when it is answered, as soon as the server's state of it is on the page, or
 * after `settleMs`.
 *
 * - A recipe can read what the page follows. One that asks for anything else shows nothing until that is loaded; the call is made all the same.
 * - What it throws at the call rejects the call, and nothing is sent. When it throws over a later state it shows nothing over that state.
 * - Say what will be (`cell = 'X'`), not how it changes (`count += 1`), where you can: between the server's change and the answer both are counted.
 * - Dates, bytes and boxes are copies: assign them anew. A draft of a list element stands for its index.
 *
 * @throws RivuletError `config` when there is no store, or `settleMs` is no time. A store that is named twice rejects the call with it.
 *
 * @example
 * const placing = optimistic(BoardStore, (board, { x, y }: PlaceTokenArgs) => { board.cells[y][x] = board.xTurn ? 'X' : 'O' })
 * await client.call(PlaceToken, { x, y }, { optimistic: placing })
 */
export function optimistic<S, Args = unknown>(
  store: StoreDef<S>,
  recipe: (draft: Draft<S>, args: Args) => void,
  options?: OptimisticOptions,
): Optimistic<Args>
export function optimistic<const Defs extends readonly StoreDef[], Args = unknown>(
  stores: Defs,
  recipe: (drafts: Drafts<Defs>, args: Args) => void,
  options?: OptimisticOptions,
): Optimistic<Args>
export function optimistic(
  about: StoreDef | readonly StoreDef[],
  recipe: (draft: never, args: unknown) => void,
  options: OptimisticOptions = {},
): Optimistic<unknown> {
  const single = 'kind' in about
  const defs = single ? [about] : about
  if (defs.length === 0) throw new RivuletError('config', 'an optimistic call needs a store to change')
  const settleMs = millis('settleMs', options.settleMs, SETTLE_MS, 0)
  return {
    async run(args, coreOf, send) {
      const stores = defs.map(coreOf)
      if (new Set(stores).size < stores.length)
        throw new RivuletError('config', 'an optimistic call names a store twice')
      const layer = {
        stores,
        settleMs,
        recipe: (drafts: readonly unknown[]): unknown => recipe((single ? drafts[0] : drafts) as never, args),
      }
      const { client } = (stores[0] as (typeof stores)[0]).page
      let layers = layersOf.get(client)
      if (layers === undefined) layersOf.set(client, (layers = createLayers()))
      layers.add(layer)
      let result
      try {
        result = await send()
      } catch (error) {
        layers.remove(layer)
        throw error
      }
      layers.answered(layer)
      return result
    },
  }
}
