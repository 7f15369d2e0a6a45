import type { PageStore } from '@rivulet/client'
import type { Boat, FleetState } from '../../common.tsx'

export declare const fleet: PageStore<FleetState>
export declare const sprites: {
  add(id: string, boat: Boat | undefined): void
  move(id: string, boat: Boat | undefined): void
  remove(id: string): void
}
