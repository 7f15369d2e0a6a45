import type { Checkpoint, FrameEntry, RingCopy } from '@rivulet/client/inspect'
import type { StoreDef } from '@rivulet/wire'
import type { FeedInspector } from './feed-inspector.ts'
import type { InspectedClient } from './inspected-client.ts'

/** An engine when all that passed has been dealt with: what its ring has, and what its stores hold at the same moment. */
export interface LastMoment {
  readonly ring: RingCopy
  readonly frames: readonly FrameEntry[]
  /** By descriptor; null where the engine has nothing. */
  readonly states: ReadonlyMap<StoreDef, Checkpoint | null>
}

/** Waits until an engine has told its inspector everything and asks for what it has then. Throws after ten seconds of unrest. */
export async function lastMoment({
  passed,
  inspector,
}: InspectedClient): Promise<LastMoment & { readonly inspector: FeedInspector }> {
  if (inspector === undefined) throw new Error('the client never had an engine')
  const end = Date.now() + 10_000
  for (;;) {
    const { stores } = await inspector.ask({ type: 'stores' })
    // What is asked together is answered one after the other; numbers tell whether something happened in between.
    const [answer, ...states] = await Promise.all([
      inspector.ask({ type: 'ring' }),
      ...stores.map(({ name: store }) => inspector.ask({ type: 'state', store })),
    ])
    const { ring } = answer
    const frames = ring.entries.filter((entry) => entry.type === 'frame')
    const told = inspector.entries.at(-1)?.seq
    const atOnce = states.every(({ checkpoint }) => checkpoint === null || checkpoint.seq === ring.last)
    if (atOnce && told === ring.last && frames.length >= passed.length) {
      const byName = new Map(inspector.stores.map((def) => [def.name, def]))
      const known = stores.flatMap(({ name }, i) => {
        const def = byName.get(name)
        if (def === undefined) throw new Error(`the engine never told the descriptor of ${name}`)
        return [[def, states[i]?.checkpoint ?? null] as const]
      })
      return { ring, frames, states: new Map(known), inspector }
    }
    if (Date.now() > end) {
      throw new Error(
        `${passed.length} messages passed, the ring has ${frames.length} of them up to entry ${ring.last}, its inspector heard of ${told}`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
