import {
  decodeValue,
  dynamic,
  encodeDelta,
  encodeValue,
  type Path,
  type RivuletError,
  stateNode,
  type StoreDef,
  valueAt,
} from '@rivulet/wire'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import {
  Bell,
  type Fleet,
  FleetStore,
  Horn,
  makeBoat,
  makeFleet,
  Rename,
  types,
} from '../../../client/test/support/fleet.ts'
import {
  readRecording,
  encodeRecording,
  type Recording,
  type Replay,
  replayRecording,
  stateAt,
  takeRecording,
} from '../../src/recording.ts'
import { buildRing, type RingBuilder } from '../support/ring-builder.ts'

const defs = { stores: [FleetStore], requests: [Rename], events: [Horn, Bell] }
const open = new Set<Replay>()
const problems: RivuletError[] = []

afterEach(async () => {
  for (const replay of open) await replay.dispose()
  open.clear()
  if (problems.length > 0) throw new AggregateError(problems.splice(0), 'a replayed client complained')
})

function play(recording: Recording): Replay {
  const replay = replayRecording(recording, { onError: (error) => problems.push(error) })
  open.add(replay)
  return replay
}

function recorded(build: (ring: RingBuilder) => void): Recording {
  const ring = buildRing(5)
  build(ring)
  // Through a file, so that what is tested is what somebody sends.
  return readRecording(encodeRecording(takeRecording(ring.ring(), defs)))
}

const updates = (ring: RingBuilder): void => {
  ring.full(FleetStore, makeFleet())
  ring.entry({ type: 'patch', page: 1, number: 1, bytes: 3 })
  ring.partial(FleetStore, { count: { set: 7 } })
  ring.partial(FleetStore, { boats: { mods: new Map([['a', { at: { mod: { lat: { set: 40 } } } }]]) } })
  ring.full(FleetStore, makeFleet({ count: 9, boats: null }))
}

/** What a listener saw at `path`, from first to last. */
function follow(replay: Replay, path: Path): unknown[] {
  const store = replay.client.store(FleetStore)
  const seen: unknown[] = []
  store.subscribe(path as never, () => seen.push(store.get(path as never)))
  return seen
}

describe('a replay', () => {
  test('goes update by update; the page hears of each', async () => {
    const replay = play(recorded(updates))
    const seen = follow(replay, ['count'])
    expect(replay.seq).toBe(4)
    const steps = []
    for (let seq = await replay.step(); seq !== null; seq = await replay.step()) steps.push([seq, seen.at(-1)])
    expect(steps).toEqual([
      [5, 2],
      [7, 7],
      [8, 7],
      [9, 9],
    ])
    expect(seen).toEqual([2, 7, 9])
    expect(await replay.step()).toBeNull()
    expect(replay.seq).toBe(9)
  })

  test('is a client that is connected, and whose stores load before the first update', async () => {
    const replay = play(recorded(updates))
    const store = replay.client.store(FleetStore)
    store.subscribe('count', () => undefined)
    await replay.settled()
    expect(replay.client.connection.get().state).toBe('connected')
    expect(store.status('count')).toBe('loading')
    await replay.step()
    expect(store.status('count')).toBe('live')
  })

  test('answers what is followed late, or deeper than anything was while it was recorded', async () => {
    const replay = play(recorded(updates))
    await replay.to(8)
    const seen = follow(replay, ['boats', 'a', 'at', 'lat'])
    const crew = follow(replay, ['boats', 'b'])
    await replay.settled()
    expect([seen, crew]).toEqual([[40], [makeBoat('Bo', 2)]])
    await replay.end()
    expect(replay.client.store(FleetStore).get().boats).toBeNull()
  })

  test('goes back', async () => {
    const replay = play(recorded(updates))
    const seen = follow(replay, ['count'])
    const all = follow(replay, [])
    await replay.end()
    await replay.to(6)
    expect(seen.at(-1)).toBe(2)
    expect(all.at(-1)).toEqual(makeFleet())
    expect(await replay.state('fleet')).toEqual(makeFleet())
    await replay.to(8)
    expect(all.at(-1)).toEqual(stateAt(replay.recording, FleetStore, 8))
  })

  test('refuses moments and stores that are not in it', async () => {
    const replay = play(recorded(updates))
    await expect(replay.to(10)).rejects.toMatchObject({ code: 'out-of-range', hint: expect.stringContaining('4 to 9') })
    await expect(replay.to(3)).rejects.toMatchObject({ code: 'out-of-range' })
    await expect(replay.to(5.5)).rejects.toMatchObject({ code: 'out-of-range' })
    await expect(replay.state('ghost')).rejects.toMatchObject({ code: 'unknown-store' })
  })

  test('knows nothing of a store before its first state, and in an empty recording', async () => {
    const replay = play(recorded(updates))
    expect(await replay.state('fleet')).toBeUndefined()
    const empty = play(recorded(() => undefined))
    await empty.end()
    expect(await empty.state('fleet')).toBeUndefined()
    expect(await empty.step()).toBeNull()
  })

  test('plays checkpoints, gaps and resyncs', async () => {
    const replay = play(
      recorded((ring) => {
        ring.frame({ dir: 'out', kind: 'storesub', store: 'fleet', key: '', action: 'subscribe' })
        ring.checkpoint(FleetStore, makeFleet({ count: 1 }))
        ring.partial(FleetStore, { count: { set: 2 } })
        ring.gap(FleetStore)
        ring.partial(FleetStore, { count: { set: 3 } })
        ring.frame({ dir: 'out', kind: 'storesub', store: 'fleet', key: 'Title', action: 'unsubscribe' })
        ring.checkpoint(FleetStore, makeFleet({ count: 4 }))
        ring.entry({ type: 'resync', store: 'fleet', error: { code: 'malformed', what: 'no' } })
        // Of a keyed store nothing is left after that.
        ring.checkpoint(FleetStore, makeFleet({ count: 0 }))
        ring.partial(FleetStore, { title: { set: 'again' } })
      }),
    )
    const seen = follow(replay, ['count'])
    const title = follow(replay, ['title'])
    await replay.to(8)
    expect(seen).toEqual([1, 4])
    await replay.end()
    expect(seen).toEqual([1, 4, 0])
    expect(title.at(-1)).toBe('again')
  })

  test.each([[[]], [['any']], [['list', 0]]] as Path[][])(
    'an `any` becomes null, at %j as in the recording',
    async (path) => {
      const node = { kind: 'array', elem: { kind: 'any' } } as const
      const fields = [
        { name: 'any', id: 1, type: { kind: 'any' } },
        { name: 'list', id: 2, type: node },
        { name: 'kept', id: 3, type: { kind: 'string' } },
      ] as const
      const def: StoreDef = {
        kind: 'store',
        name: 'Any',
        state: 'a.Any',
        types: [{ 'a.Any': { form: 'partial', fields } }],
      }
      const typed = { type: { kind: 'pointer', elem: { kind: 'int64' } }, value: null } as const
      const ring = buildRing()
      ring.full(def, { any: dynamic('full'), list: [dynamic(1)], kept: 'a' })
      ring.partial(def, { any: { set: typed } })
      ring.checkpoint(def, { any: null, list: [dynamic(1)], kept: 'a' })
      ring.partial(def, { kept: { set: 'b' } })
      ring.checkpoint(def, { any: null, list: [typed], kept: 'b' })
      const recording = takeRecording(ring.ring(), { stores: [def] })
      const replay = play(recording)
      const store = replay.client.store(def)
      store.subscribe(path, () => undefined)
      for (const seq of [1, 2, 3, 2, 1, 3, 1]) {
        await replay.to(seq)
        expect(store.get(path as never), `after entry ${seq}`).toEqual(valueAt(stateAt(recording, def, seq), path))
      }
    },
  )

  test('has events', async () => {
    const packet = (loud: number): Uint8Array => encodeValue(types, { kind: 'struct', ref: 'fleet.Horn' }, { loud })
    const replay = play(
      recorded((ring) => {
        ring.frame({ dir: 'in', kind: 'event', name: 'horn' }, packet(1))
        ring.frame({ dir: 'in', kind: 'keyedevent', store: 'fleet', name: 'bell', key: 'k' }, packet(2))
        ring.frame({ dir: 'in', kind: 'keyedevent', store: 'fleet', name: 'bell', key: 'other' }, packet(3))
      }),
    )
    const heard: unknown[] = []
    replay.client.on(Horn, ({ loud }) => heard.push(loud))
    replay.client.on(Bell, 'k', ({ loud }) => heard.push(loud))
    await replay.settled()
    await replay.end()
    expect(heard).toEqual([1, 2])
  })

  test('answers calls as they were answered, each once, and says so when it cannot', async () => {
    const request = (id: string): Uint8Array =>
      encodeValue(types, { kind: 'struct', ref: 'fleet.RenameRequest' }, { id, name: 'n' })
    const response = (result: number, error: string | null = null): Uint8Array =>
      encodeValue(types, { kind: 'struct', ref: 'fleet.RenameResponse' }, { result, error })
    const replay = play(
      recorded((ring) => {
        for (const [call, id, bytes] of [
          [1, 'a', response(1)],
          [2, 'b', response(2)],
          [3, 'a', response(3)],
          [4, 'c', response(0, 'taken')],
        ] as const) {
          ring.frame({ dir: 'out', kind: 'rpccall', name: 'rename', call }, request(id))
          ring.frame({ dir: 'in', kind: 'rpccallresp', name: 'rename', call }, bytes)
        }
      }),
    )
    const call = (id: string): Promise<number> => {
      const answer = replay.client.call(Rename, { id, name: 'n' })
      return answer
    }
    expect([await call('a'), await call('b'), await call('a'), await call('a')]).toEqual([1, 2, 3, 3])
    await expect(call('c')).rejects.toMatchObject({ code: 'rpc', message: expect.stringContaining('taken') })
    await expect(call('x')).rejects.toThrow(/the recording has no answer/)
  })

  test('delivers within `act`', async () => {
    let inside = false
    const replay = replayRecording(recorded(updates), {
      act: async (run) => {
        inside = true
        await run()
        inside = false
      },
    })
    open.add(replay)
    const were: boolean[] = []
    replay.client.store(FleetStore).subscribe([], () => were.push(inside))
    await replay.settled()
    await replay.end()
    expect(were.length).toBeGreaterThan(0)
    expect(were).not.toContain(false)
  })
})

/** Recordings of a few fields, whole or in part, and paths that an app may follow. */
const fields: fc.Arbitrary<Partial<Fleet>> = fc.record(
  {
    count: fc.integer({ min: -5, max: 5 }),
    title: fc.constantFrom('', 'a'),
    flagship: fc.option(
      fc.record({ name: fc.constantFrom('x', 'y'), at: fc.constant({ lat: 1, lon: 2 }), crew: fc.constant(null) }),
    ),
    boats: fc.option(
      fc
        .dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 3 }))
        .map((all) => new Map(Object.entries(all).map(([key, lat]) => [key, makeBoat(key, lat)]))),
    ),
    queue: fc.option(
      fc.array(
        fc.integer({ min: 0, max: 2 }).map((lat) => makeBoat('q', lat)),
        { maxLength: 3 },
      ),
    ),
  },
  { requiredKeys: [] },
)
const delta = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map((set) => ({ count: { set } })),
  fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 9 })).map(([key, set]) => ({
    boats: { mods: new Map([[key, { at: { mod: { lat: { set } } } }]]) },
  })),
  fc.constantFrom('a', 'b').map((key) => ({ boats: { deletes: new Set([key]) } })),
  fc.integer({ min: 0, max: 9 }).map((set) => ({ flagship: { mod: { at: { mod: { lon: { set } } } } } })),
)
const step = fc.oneof(
  { weight: 4, arbitrary: delta.map((it) => (ring: RingBuilder) => void ring.partial(FleetStore, it)) },
  { weight: 1, arbitrary: fields.map((it) => (ring: RingBuilder) => void ring.full(FleetStore, makeFleet(it))) },
  { weight: 1, arbitrary: fields.map((it) => (ring: RingBuilder) => ring.checkpoint(FleetStore, makeFleet(it))) },
)
const PATHS: readonly Path[] = [
  [],
  ['count'],
  ['boats'],
  ['boats', 'a'],
  ['boats', 'a', 'at', 'lat'],
  ['flagship', 'at'],
  ['queue'],
]

test('whatever is followed, in whatever order the moments come, a page has the recorded state', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.subarray([...PATHS], { minLength: 1 }),
      fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }),
      async (steps, paths, visits) => {
        const recording = recorded((ring) => {
          ring.full(FleetStore, makeFleet())
          for (const add of steps) add(ring)
        })
        const replay = play(recording)
        const store = replay.client.store(FleetStore)
        for (const path of paths) store.subscribe(path as never, () => undefined)
        const { first, last } = recording.ring
        for (const visit of [...visits.map((n) => first + (n % (last - first + 1))), last]) {
          await replay.to(visit)
          const state = stateAt(recording, FleetStore, visit)
          for (const path of paths) expect([visit, path, shown(store, path)]).toEqual([visit, path, at(state, path)])
        }
        await replay.dispose()
        open.delete(replay)
      },
    ),
    { numRuns: 60 },
  )
})

const shown = (store: { get(path: never): unknown }, path: Path): unknown => store.get(path as never) ?? null

/** As a page has it: what is missing below a keyed path, or zero there, is the same. */
function at(state: Fleet | undefined, path: Path): unknown {
  return valueAt(state, path) ?? null
}

test('bytes of a recorded message are played as they are to who follows the whole store', async () => {
  // A field that this schema does not know, as a newer host sends it.
  const known = encodeDelta(FleetStore, { count: { set: 3 } })
  const recording = recorded((ring) => {
    ring.full(FleetStore, makeFleet())
    ring.frame({ dir: 'in', kind: 'storeupdate', store: 'fleet', update: 'partial' }, known)
  })
  const replay = play(recording)
  follow(replay, [])
  await replay.end()
  const bytes = recording.ring.payloads[1]?.[1] as ArrayBuffer
  expect(new Uint8Array(bytes)).toEqual(known)
  expect(await replay.state('fleet')).toEqual(makeFleet({ count: 3 }))
  // The recording itself was not given away with a message.
  expect(decodeValue(types, stateNode(FleetStore), recording.ring.payloads[0]?.[1])).toEqual(makeFleet())
})
