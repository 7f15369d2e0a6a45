import type { RpcDef, StoreDef } from '@rivulet/wire'

interface Berth {
  readonly depth: number
}

export declare const HarborStore: StoreDef<{
  readonly name: string
  readonly berths: ReadonlyMap<string, Berth> | null
}>
export declare const ReleaseBerth: RpcDef<{ readonly berth: string }, void>
export declare const harbor: import('@rivulet/server').Store<typeof HarborStore extends StoreDef<infer S> ? S : never>
