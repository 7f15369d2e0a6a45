// What every block of code in the pages may use without saying where it comes from.
import type { Client } from '@rivulet/client'
import type { RpcDef, StoreDef } from '@rivulet/wire'

export { createClient, createSelection, isRivuletError, RivuletError, select, shallowEqual } from '@rivulet/client'
export type { PageStore } from '@rivulet/client'
export {
  createHooks,
  RivuletProvider,
  useClient,
  useConnection,
  useDataStream,
  useEvent,
  useRpc,
  useSend,
  useStore,
  useStoreStatus,
} from '@rivulet/react'
export { createDataPlane, createHealthChecks, createHost, createStore } from '@rivulet/server'
export { frameUnit } from '@rivulet/wire'
export type { StoreDef, StreamDef } from '@rivulet/wire'
export { memo, useEffect, useMemo, useRef, useState } from 'react'
export { createRoot, hydrateRoot } from 'react-dom/client'

/** The fleet that many pages are about. */
export interface Boat {
  readonly name: string
  readonly speed: number
}

export interface FleetState {
  readonly boats: ReadonlyMap<string, Boat> | null
}

export declare const FleetStore: StoreDef<FleetState>
export declare const Rename: RpcDef<{ readonly id: string; readonly name: string }, void>

export { BoardStore, PlaceToken, ServerTime } from '#demo/game/schema.ts'

export declare const client: Client
export declare const root: HTMLElement
export declare const id: string
export declare const url: string
