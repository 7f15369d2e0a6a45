import { isDeepStrictEqual } from 'node:util'
import { decodeState, type Delta, encodeState, parseKey, type Path, snapshotDelta, type StoreDef } from '@rivulet/wire'
import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { RingCopy } from '../../../src/feed-protocol.ts'
import { createKeptStates } from '../../../src/engine/offline/kept-states.ts'
import { schemaHash } from '../../../src/engine/offline/schema-hash.ts'
import type { Delivery } from '../../../src/protocol.ts'
import { board, type Board, BoardStore, OtherStore } from '../../support/board.ts'
import { inspect, rebuilt, stateNow, type TestInspector } from '../../support/inspected.ts'
import { Host, type Mode } from '../../support/mini-host.ts'
import { database, OFFLINE, OWNER } from '../../support/offline.ts'
import { rig, settled } from '../../support/rig.ts'

/**
 * Random traffic against the whole engine, with rings of random sizes: whatever moment the ring has, a replay says what the engine had then, or that it cannot know.
 */

const key = fc.constantFrom('a', 'b', 'c', 'd')
const num = fc.integer({ min: 0, max: 3 })
const someRow = fc.record({ name: key, x: num, y: num })
const emptied = fc.constantFrom<Delta>({ log: { whole: null } }, { items: { whole: null } }, { pilot: { whole: null } })
const delta: fc.Arbitrary<Delta> = fc.oneof(
  key.map((t): Delta => ({ title: { set: t } })),
  fc.tuple(key, someRow).map(([k, v]): Delta => ({ items: { sets: new Map([[k, v]]) } })),
  key.map((k): Delta => ({ items: { deletes: new Set([k]) } })),
  fc.tuple(key, num).map(([k, x]): Delta => ({ items: { mods: new Map([[k, { x: { set: x } }]]) } })),
  fc.array(key, { maxLength: 4 }).map((list): Delta => ({ log: { whole: list } })),
  emptied,
  num.map((x): Delta => ({ pilot: { mod: { x: { set: x } } } })),
  num.map((wind): Delta => ({ weather: { mod: { wind: { set: wind } } } })),
  fc.option(someRow).map((p): Delta => ({ pilot: { whole: p } })),
  fc.option(num).map((opt): Delta => ({ opt: { set: opt } })),
)
const path: fc.Arbitrary<Path> = fc.oneof(
  fc.constantFrom<Path>([], ['title'], ['items'], ['log'], ['weather', 'gusts'], ['pilot', 'x'], ['opt']),
  key.map((k): Path => ['items', k]),
  key.map((k): Path => ['items', k, 'x']),
)
type Step =
  | { do: 'watch'; path: Path }
  | { do: 'unwatch'; nth: number }
  | { do: 'change' | 'other' | 'drop'; delta: Delta }
  | { do: 'replace'; state: Board }
  | { do: 'credit' | 'time' | 'nonsense' | 'event' | 'ring' }
const replaced = fc
  .record({ title: key, items: fc.option(fc.array(fc.tuple(key, someRow), { maxLength: 4 })) })
  .map(({ title, items }) => board({ title, items: items === null ? null : new Map(items), log: null }))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: path.map((p): Step => ({ do: 'watch', path: p })) },
  { weight: 3, arbitrary: fc.nat(20).map((nth): Step => ({ do: 'unwatch', nth })) },
  { weight: 8, arbitrary: delta.map((d): Step => ({ do: 'change', delta: d })) },
  { weight: 3, arbitrary: delta.map((d): Step => ({ do: 'other', delta: d })) },
  // What changes while the connection is gone is in no message.
  { weight: 2, arbitrary: fc.oneof(emptied, delta).map((d): Step => ({ do: 'drop', delta: d })) },
  { weight: 1, arbitrary: replaced.map((state): Step => ({ do: 'replace', state })) },
  {
    weight: 5,
    arbitrary: fc.constantFrom<Step>(
      { do: 'credit' },
      { do: 'credit' },
      { do: 'time' },
      { do: 'time' },
      { do: 'nonsense' },
      { do: 'event' },
      { do: 'ring' },
    ),
  },
)

const STORES: readonly StoreDef[] = [BoardStore, OtherStore]

/** As the wire has it, so that what means the same is the same. */
const canonical = (def: StoreDef, state: unknown): unknown => decodeState(def, encodeState(def, state))

/** What the engine had at each moment: either of two where a moment fell into a task of the engine that was no message. */
class Moments {
  readonly #of = new Map<string, Map<number, readonly [unknown, unknown]>>()
  #last: number
  readonly #inspector: TestInspector
  readonly #seq: () => Promise<number>

  constructor(inspector: TestInspector, seq: () => Promise<number>, last: number) {
    this.#inspector = inspector
    this.#seq = seq
    this.#last = last
    for (const def of STORES) this.#of.set(def.name, new Map([[last, [stateNow(inspector, def), undefined]]]))
  }

  async note(isMessage: boolean): Promise<void> {
    const last = await this.#seq()
    for (const def of STORES) {
      const known = this.#of.get(def.name) as Map<number, readonly [unknown, unknown]>
      const now = stateNow(this.#inspector, def)
      const before = known.get(this.#last)
      const [was] = before as readonly [unknown, unknown]
      if (isMessage) for (let seq = this.#last + 1; seq <= last; seq++) known.set(seq, [now, now])
      else {
        // What it did before its first entry still belongs to the moment before.
        for (let seq = this.#last; seq < last; seq++) known.set(seq, [was, now])
        known.set(last, [now, last === this.#last ? was : now])
      }
    }
    this.#last = last
  }

  /** How many moments of the ring can be rebuilt; throws for one that is rebuilt wrongly. */
  check(ring: RingCopy): { known: number; unknown: number } {
    const count = { known: 0, unknown: 0 }
    for (const { seq } of ring.entries) {
      for (const def of STORES) {
        const either = this.#of.get(def.name)?.get(seq)
        if (either === undefined) continue
        const built = rebuilt(ring, def, seq)
        if (built === 'unknown') count.unknown++
        else {
          count.known++
          const state = canonical(def, built)
          if (either.every((one) => !isDeepStrictEqual(state, one))) {
            throw new Error(`moment ${seq} of ${def.name}`, {
              cause: { state, either, entries: ring.entries, ring: { checkpoints: ring.checkpoints, gaps: ring.gaps } },
            })
          }
        }
      }
    }
    return count
  }
}

interface Setting {
  readonly mode: Mode
  readonly ringBytes: number
  readonly delivery: Delivery
  readonly offline?: boolean
  readonly stopwatch?: () => number
}

async function play(
  steps: readonly (readonly [Step, boolean])[],
  setting: Setting,
): Promise<{ known: number; unknown: number }> {
  const host = new Host(setting.mode)
  const factory = setting.offline === true ? database() : null
  if (factory !== null) {
    const kept = createKeptStates(factory, OWNER)
    const bytes = encodeState(BoardStore, board({ title: 'kept' }))
    await kept.read(['BoardStore'], 1_000_000)
    await kept.save('BoardStore', {
      hash: schemaHash(BoardStore),
      time: 1,
      expires: 2_000_000,
      paths: [['title'], ['items']],
      bytes,
    })
    kept.close()
  }
  const r = await rig({
    stores: STORES,
    config: {
      ringBytes: setting.ringBytes,
      delivery: setting.delivery,
      ...(factory === null ? {} : { offline: OFFLINE }),
    },
    deps: { indexedDB: factory, stopwatch: setting.stopwatch ?? (() => 0) },
    prepare: (socket) => {
      socket.react = (event, m) => {
        if (event !== 'storesub' || m['storeName'] !== 'BoardStore') return
        const wire = (m['key'] as string | undefined) ?? ''
        host.subscribe(wire, m['action'])
        const isNil = snapshotDelta(BoardStore, host.state, parseKey(BoardStore, wire) as Path) === null
        // As the reference answers for a nil list or map: with nothing.
        if (m['action'] === 0 && wire !== '' && isNil && setting.mode !== 'whole states')
          host.outgoing.splice(-1, 1, () => host.rig?.partial({}))
      }
    },
  })
  const inspector = await inspect(r.engine)
  const seq = async (): Promise<number> => {
    const one = await inspect(r.engine)
    const [hello] = one.messages
    one.post({ type: 'bye' })
    if (hello?.type !== 'hello') throw new Error('it did not say hello')
    return hello.seq - 1
  }
  const moments = new Moments(inspector, seq, await seq())
  /** One task of the engine. */
  const task = async (isMessage: boolean, run: () => unknown): Promise<void> => {
    await run()
    await moments.note(isMessage)
  }
  const later: (() => Promise<void>)[] = []
  host.rig = {
    full: (state, def) => void later.push(() => task(true, () => r.full(state, def))),
    partial: (d, def) => void later.push(() => task(true, () => r.partial(d, def))),
    raw: (message) => void later.push(() => task(true, () => r.raw(message))),
  }
  const deliver = async (): Promise<void> => {
    host.deliver()
    for (const send of later.splice(0)) await send()
  }
  const connect = async (): Promise<void> => {
    r.socket.receive('connect')
    await settled()
  }

  await task(false, () => r.watch(1, [], 1))
  if (factory !== null) {
    await task(false, () => r.watch(2, ['title']))
    await task(false, () => r.watch(3, ['items', 'a']))
    await vi.waitFor(async () => {
      r.credit()
      if (r.seen(2).status !== 'stale') throw new Error('what is kept is not shown')
    })
    await moments.note(false)
  }
  await task(false, async () => {
    await r.engine.connect()
    await settled()
    await connect()
  })
  await task(true, () => r.full(board(), OtherStore))
  const watching: number[] = []
  let nextId = 10
  for (const [s, delivered] of steps) {
    if (s.do === 'watch') {
      await task(false, () => r.watch(nextId, s.path))
      watching.push(nextId++)
    } else if (s.do === 'unwatch') {
      const [id] = watching.splice(s.nth % Math.max(1, watching.length), 1)
      if (id !== undefined) await task(false, () => r.unwatch(id))
    } else if (s.do === 'change') host.change(s.delta)
    else if (s.do === 'other') await task(true, () => r.partial(s.delta, OtherStore))
    else if (s.do === 'replace') host.replace(s.state)
    else if (s.do === 'credit') await task(false, () => r.credit())
    else if (s.do === 'time') for (let i = 0; i < 4; i++) await task(false, () => r.clock.advance(600))
    else if (s.do === 'nonsense')
      await task(true, () => r.raw({ time: 1, storeName: 'BoardStore', kind: 2, partial: new Uint8Array([9, 1, 2]) }))
    else if (s.do === 'event')
      await task(true, () => r.socket.receive('event', { eventName: 'E', time: 1, event: new Uint8Array(40) }))
    else if (s.do === 'ring') moments.check(inspector.ask({ type: 'ring' }).ring)
    else if (s.do === 'drop') {
      await task(false, () => r.clock.advance(6_000))
      host.lost()
      await task(false, () => r.socket.receive('disconnect', 'transport close'))
      host.change(s.delta)
      await task(false, () => r.clock.advance(10_000))
      await task(false, connect)
      await task(true, () => r.full(board({ title: 'again' }), OtherStore))
    }
    if (delivered) await deliver()
  }
  const { ring } = inspector.ask({ type: 'ring' })
  expect(ring.entries.map((entry) => entry.seq)).toEqual(ring.entries.map((_, i) => ring.first + i))
  const count = moments.check(ring)
  await r.engine.dispose()
  return count
}

const traffic = fc.array(fc.tuple(step, fc.boolean()), { minLength: 10, maxLength: 60 })

test.each<[Mode, Delivery, boolean]>([
  ['by key', 'safe', false],
  ['by key', 'exact', false],
  ['whole states', 'safe', false],
  ['with nonsense', 'safe', false],
  ['with nonsense', 'exact', false],
  ['by key', 'safe', true],
])(
  '%s, %s delivery, offline %s: a ring of 16 KB and more can be rebuilt at each of its moments',
  async (mode, delivery, offline) => {
    await fc.assert(
      fc.asyncProperty(traffic, fc.constantFrom(16_000, 64_000, 1_000_000), async (steps, ringBytes) => {
        const { known, unknown } = await play(steps, { mode, delivery, ringBytes, offline })
        expect(known).toBeGreaterThan(0)
        expect(unknown).toBe(0)
      }),
      { numRuns: offline ? 25 : 60 },
    )
  },
)

test.each<[Mode, Delivery]>([
  ['by key', 'safe'],
  ['by key', 'exact'],
  ['whole states', 'safe'],
  ['with nonsense', 'safe'],
])('%s, %s delivery: a ring that has too little room or time says what it does not know', async (mode, delivery) => {
  const seen = { known: 0, unknown: 0 }
  await fc.assert(
    fc.asyncProperty(traffic, fc.integer({ min: 1, max: 6_000 }), fc.nat(40), async (steps, ringBytes, ms) => {
      let now = 0
      const { known, unknown } = await play(steps, { mode, delivery, ringBytes, stopwatch: () => (now += ms) })
      seen.known += known
      seen.unknown += unknown
    }),
    { numRuns: 60 },
  )
  // Otherwise nothing was seen of the one or the other.
  expect(seen.known).toBeGreaterThan(100)
  expect(seen.unknown).toBeGreaterThan(100)
})
