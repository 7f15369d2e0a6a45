import { create, type StoreApi, type UseBoundStore } from 'zustand'
import type { Position } from '../live-model.ts'

/** Entities by id in zustand: one store, a selector per row, which is how its documentation has it. */
export interface Records {
  readonly entities: Readonly<Record<string, Position>>
}

/** An empty store. */
export function createRecords(): UseBoundStore<StoreApi<Records>> {
  return create<Records>(() => ({ entities: {} }))
}
