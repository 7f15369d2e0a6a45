import type { Store } from '@rivulet/server'
import type { RpcDef, StoreDef } from '@rivulet/wire'

interface Berth {
  readonly depth: number
}

interface Harbor {
  readonly name: string
  readonly berths: ReadonlyMap<string, Berth> | null
}

export declare const HarborStore: StoreDef<Harbor>
export declare const ReleaseBerth: RpcDef<{ readonly berth: string }, void>
export declare const harbor: Store<Harbor>
