import type { ServedStore } from '@rivulet/server'
import type { RpcDef } from '@rivulet/wire'

export declare const board: ServedStore
export declare const ledger: ServedStore
export declare const userOfToken: (token: unknown) => Promise<{ readonly isAdmin: boolean } | undefined>
export declare const Refund: RpcDef<{ readonly id: string }, void>
export declare const refund: (id: string) => Promise<void>
export declare const freshToken: () => Promise<string>
