import type { RpcDef, StoreDef } from '@rivulet/wire'

export interface Harbor {
  readonly boats: ReadonlyMap<string, { readonly name: string; readonly draught: number }> | null
  readonly ticks: number
}

export declare const HarborStore: StoreDef<Harbor>
export declare const Add: RpcDef<{ readonly by: number }, number>
