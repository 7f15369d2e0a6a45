import { encodeState } from '@rivulet/wire'
import { historyOf } from '../../../recording/history.ts'
import type { Recording } from '../../../recording/recording.ts'
import type { ClientModel } from '../../client-model.ts'

/** Whether a page shows a moment of the past, and which. */
export interface Past {
  /** The entry after which the page's stores have the states that it shows; undefined while it is live. */
  readonly seq: number | undefined
  /** When that was, Unix milliseconds. */
  readonly at: number
  /** Shows this moment, or the newest that was asked for meanwhile. Rejects with what the page refused. */
  show(recording: Recording, seq: number): Promise<void>
  /** The host's values again. */
  live(): Promise<void>
}

const pasts = new WeakMap<ClientModel, Past>()

/** The past of a client; it outlives the view, because the page goes on showing it. */
export function pastOf(model: ClientModel): Past {
  let past = pasts.get(model)
  if (past === undefined) pasts.set(model, (past = createPast(model)))
  return past
}

function createPast(model: ClientModel): Past {
  const stores = new Set<string>()
  let seq: number | undefined
  let at = 0
  let wanted: (() => Promise<void>) | undefined
  let running: Promise<void> | undefined

  /** One after the other, and what was overtaken is left out: a slider moves faster than a page can follow. */
  const run = (next: () => Promise<void>): Promise<void> => {
    wanted = next
    running ??= (async () => {
      try {
        while (wanted !== undefined) {
          const one = wanted
          wanted = undefined
          await one()
        }
      } finally {
        running = undefined
      }
    })()
    return running
  }

  return {
    get seq() {
      return seq
    },
    get at() {
      return at
    },
    show(recording, moment) {
      seq = moment
      at = recording.ring.entries[moment - recording.ring.first]?.at ?? 0
      return run(async () => {
        for (const { name } of recording.defs.stores) {
          const history = historyOf(recording, name)
          const state = history.at(moment)
          // Nothing was known of it then; what it shows now would be from another time, but there is nothing else to show.
          if (state === undefined) continue
          stores.add(name)
          await model.show(name, [{ path: [], bytes: encodeState(history.def, state).slice().buffer }])
        }
      })
    },
    live() {
      seq = undefined
      return run(async () => {
        for (const store of stores) {
          await model.show(store, [])
          stores.delete(store)
        }
      })
    },
  }
}
