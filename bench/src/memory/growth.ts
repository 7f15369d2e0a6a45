import type { OpenPage } from '../harness/with-page.ts'
import { slope } from '../harness/stats.ts'
import type { LiveName } from '../live/contestant.ts'
import { type Setting, xAfter } from '../live/live-host.ts'
import type { RunningHost } from '../live/run-host.ts'

/** How memory went while something was done again and again. */
export interface Growth {
  /** Bytes that page and workers held together, after a collection, from one stretch to the next. */
  readonly heap: readonly number[]
  /** Bytes for each time. */
  readonly each: number
}

/** What is done again and again. */
export type Repeated = 'change' | 'reconnect' | 'mount' | 'client'

/** How often. */
export interface Repeats {
  /** Heap is looked at after so many stretches. */
  readonly stretches: number
  /** Times in a stretch. */
  readonly times: number
}

/** A page with the application open. */
export interface Opened {
  /** Does it, and looks at the heap between stretches. The first two stretches are left out: there code is compiled and buffers find their size. */
  growth(what: Repeated, repeats: Repeats): Promise<Growth>
}

/** What is opened. */
interface Opening {
  readonly name: LiveName
  readonly setting: Setting
  readonly ids: readonly string[]
  readonly running: RunningHost
}

/** Changes in a piece: few enough that nobody has to merge them. */
const PIECE = 501

/** Opens the application and waits for its rows. */
export async function openApp({ call }: OpenPage, { name, setting, ids, running }: Opening): Promise<Opened> {
  let made = 0
  const values = (): Record<string, number> => {
    const xs = xAfter(setting, made)
    return Object.fromEntries(ids.map((id) => [id, xs.get(id) ?? NaN]))
  }
  const stretchOf: Readonly<Record<Repeated, (times: number) => Promise<void>>> = {
    async change(times) {
      for (let left = times; left > 0; left -= PIECE) {
        made = await running.host.ask<number>('change', Math.min(left, PIECE))
        await call('untilRows', values())
      }
    },
    async reconnect(times) {
      for (let i = 0; i < times; i++) {
        running.relay.cut()
        await running.host.ask('empty')
        made = await running.host.ask<number>('change', 1)
        await Promise.all([running.relay.mended(), call('untilRows', values())])
      }
    },
    mount: (times) => call('remount', { values: values(), times }),
    client: (times) => call('reopen', { name, url: running.url, values: values(), times }),
  }
  await call('startApp', { name, url: running.url, ids })
  await call('untilRows', values())
  return {
    async growth(what, { stretches, times }) {
      const heap: number[] = []
      for (let stretch = 0; stretch < stretches + 2; stretch++) {
        await stretchOf[what](times)
        const bytes = await call<number>('heapBytes')
        if (stretch >= 2) heap.push(bytes)
      }
      const at = heap.map((_, i) => i * times)
      return { heap, each: slope(at, heap) }
    },
  }
}
