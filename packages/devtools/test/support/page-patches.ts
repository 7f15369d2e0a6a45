import type { ProbeOrigin } from '@rivulet/client/inspect'
import { encodeDelta } from '@rivulet/wire'
import type { PagePatch } from '../../src/panel/views/renders/render-stats.ts'
import type { FakeModel } from './fake-model.ts'
import { YardStore } from './yard.ts'

/** Components of a page: one table, and a row for each of three boats. */
export const yardOrigins: readonly ProbeOrigin[] = [
  { id: 1, name: 'BoatTable', source: 'http://localhost/src/boat-table.tsx:12:3', hook: 'useStoreKeys', runs: 1 },
  ...[0, 1, 2].map((i) => ({
    id: 10 + i,
    name: 'BoatRow',
    source: 'http://localhost/src/boat-row.tsx:7:13',
    hook: 'useStore',
    runs: 1,
  })),
]

/** A patch that moved a boat: `told` times its row rendered for it, `other` times the table for something else. */
export function boatMoved(number: number, boat: number, more: Partial<PagePatch> = {}): PagePatch {
  return {
    type: 'patch',
    number,
    at: 1_800_000_000_000 + number,
    bytes: 21,
    apply: 0.1,
    notify: 0.2,
    settle: 0.7,
    changes: [{ store: 'YardStore', path: ['boats', `b${boat}`, 'x'], origins: [yardOrigins[1 + boat] ?? null, null] }],
    more: 0,
    runs: [
      { origin: 10 + boat, told: 1, other: 0 },
      { origin: 1, told: 0, other: 1 },
    ],
    ...more,
  }
}

/** Puts a moved boat into the model as it comes: the host's message, the engine's patch, the page's word. */
export function moveBoat(model: FakeModel, number: number, boat: number): void {
  const delta = { boats: { mods: new Map([[`b${boat}`, { x: { set: number } }]]) } }
  const frame = model.frame(
    'storeupdate',
    'in',
    { store: 'YardStore', update: 'partial' },
    encodeDelta(YardStore, delta),
  )
  model.patch(number, frame.seq, frame.seq)
  model.happened(boatMoved(number, boat))
}

/** Makes the components known. */
export function nameOrigins(model: FakeModel): void {
  for (const origin of yardOrigins) model.origins.set(origin.id, origin)
}
