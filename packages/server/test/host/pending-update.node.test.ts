import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type * as Wire from '@rivulet/wire'
import { applyMessage, type Delta, decodeState, encodeDelta, encodeState, mergeDelta } from '@rivulet/wire'
import { array, assert, constantFrom, integer, nat, property, record } from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { pendingUpdate, type StoreUpdate } from '../../src/host/pending-update.ts'
import { type NotesState, NotesStore, someNotes } from '../support/notes-host.ts'

vi.mock('@rivulet/wire', async (original) => {
  const wire = await original<typeof Wire>()
  return { ...wire, mergeDelta: vi.fn<typeof wire.mergeDelta>(wire.mergeDelta) }
})

beforeEach(() => void vi.mocked(mergeDelta).mockClear())

const def = NotesStore
const never = (): never => expect.unreachable()

/** One update as all its viewers get it. */
function updateOf(delta: Delta, turn: number, full: () => Uint8Array = never): StoreUpdate {
  return { def, bytes: encodeDelta(def, delta), whole: false, full, turn }
}

function counted(turn: number): StoreUpdate {
  return updateOf({ count: { set: turn }, notes: { mods: new Map([['a', { stars: { set: turn } }]]) } }, turn)
}

/** Waits for everything from `from` to `to`. */
function waiting(all: readonly StoreUpdate[], from: number): ReturnType<typeof pendingUpdate> {
  const pending = pendingUpdate(all[from] as StoreUpdate)
  for (const update of all.slice(from + 1)) pending.add(update)
  return pending
}

function partialOf({ bytes }: StoreUpdate): { readonly body: Readonly<Record<string, unknown>> } {
  return { body: { partial: bytes } }
}

function stateAfter(messages: readonly { readonly body: Readonly<Record<string, unknown>> }[]): NotesState {
  let state: NotesState = decodeState(def, encodeState(def, someNotes()))
  for (const { body } of messages) state = applyMessage(def, state, body['partial'] as Uint8Array)
  return state
}

const someDelta = record({ key: constantFrom('b', 'c', 'd'), n: nat({ max: 50 }), kind: nat({ max: 3 }) })

function deltaOf({ key, n, kind }: { key: string; n: number; kind: number }): Delta {
  const sets = new Map([[key, { text: `t${n}`, stars: n }]])
  const kinds: readonly Delta[] = [
    { count: { set: n } },
    { notes: { sets } },
    { notes: { deletes: new Set([key]) } },
    // Always there: a modification that creates its row is another matter (wire.md §9.7).
    { notes: { mods: new Map([['a', { stars: { set: n } }]]) } },
  ]
  return kinds[kind] as Delta
}

describe('what waits for a viewer', () => {
  test('is all that is kept: whoever holds the first update does not hold what was merged into it on the way', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const first = counted(1)
    const pending = pendingUpdate(first)
    const merged: WeakRef<object>[] = []
    for (let turn = 2; turn <= 32 * 20; turn++) {
      pending.add(counted(turn))
      for (const { value } of vi.mocked(mergeDelta).mock.results) merged.push(new WeakRef(value as object))
      vi.mocked(mergeDelta).mockClear()
    }
    expect(merged.length).toBeGreaterThan(500)
    await nextTurn()
    collect()
    await nextTurn()
    collect()
    // The last, and the first stretch, which hangs on the first update.
    expect(merged.filter((one) => one.deref() !== undefined).length).toBeLessThanOrEqual(4)
    expect(stateAfter([partialOf(first), pending.message()]).count).toBe(32 * 20)
  })

  test('is worth what came, whatever came, wherever it begins, and whoever else waits for it', () => {
    assert(
      property(array(someDelta, { minLength: 1, maxLength: 120 }), integer({ min: 0, max: 80 }), (deltas, first) => {
        const all = deltas.map((delta, i) => updateOf(deltaOf(delta), first + i))
        const starts = [0, Math.floor(all.length / 3), all.length - 1]
        // Together, so that each meets what the others have merged already.
        const pendings = starts.map((start) => pendingUpdate(all[start] as StoreUpdate))
        for (const [i, update] of all.entries()) {
          for (const [k, start] of starts.entries()) if (i > start) pendings[k]?.add(update)
        }
        for (const [k, start] of starts.entries()) {
          const bytes = all.slice(start).map(({ bytes: partial }) => ({ body: { partial } }))
          const message = pendings[k]?.message()
          expect(message === undefined ? null : stateAfter([message])).toEqual(stateAfter(bytes))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('is the same work for a hundred viewers as for one', () => {
    const all = Array.from({ length: 200 }, (_, i) => counted(i + 1))
    waiting(all, 0).settle()
    const alone = vi.mocked(mergeDelta).mock.calls.length
    vi.mocked(mergeDelta).mockClear()
    for (let viewer = 0; viewer < 100; viewer++) waiting(all, 0).settle()
    expect(alone).toBeGreaterThan(190)
    expect(mergeDelta).not.toHaveBeenCalled()
  })

  test('is little work for one who began later: the stretches are merged already', () => {
    const all = Array.from({ length: 640 }, (_, i) => counted(i + 1))
    waiting(all, 0).settle()
    vi.mocked(mergeDelta).mockClear()
    const later = waiting(all, 13)
    later.settle()
    // Its own beginning, and one merge for each of the stretches after it.
    expect(vi.mocked(mergeDelta).mock.calls.length).toBeLessThan(32 + 640 / 32)
    expect(stateAfter([later.message()])).toMatchObject({ count: 640 })
  })

  test('is never somebody else’s: one who missed an update between does not get it', () => {
    const all = Array.from({ length: 40 }, (_, i) => counted(i + 1))
    const title = updateOf({ title: { set: 'for some' } }, 10)
    const some = pendingUpdate(all[0] as StoreUpdate)
    const others = pendingUpdate(all[0] as StoreUpdate)
    for (const update of all.slice(1)) {
      some.add(update.turn === 10 ? title : update)
      others.add(update)
    }
    expect(stateAfter([some.message()])).toMatchObject({ title: 'for some', count: 40 })
    expect(stateAfter([others.message()])).toMatchObject({ title: 'title', count: 40 })
  })

  test('is as large as it says', () => {
    const pending = waiting(
      Array.from({ length: 100 }, (_, i) => counted(i + 1)),
      0,
    )
    const before = pending.size
    pending.settle()
    expect(pending.size).toBeLessThanOrEqual(before)
    expect(pending.size).toBe((pending.message().body['partial'] as Uint8Array).length)
  })
})
