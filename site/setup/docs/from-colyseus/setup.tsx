import type { AccessLookup, Draft, Viewer } from '@rivulet/server'
import type { RpcDef, StoreDef } from '@rivulet/wire'
import type { Match, MatchStoreState } from './model/match.ts'

export declare const MatchStore: StoreDef<MatchStoreState>
export declare const MatchMove: RpcDef<{ readonly match: string; readonly dx: number; readonly dy: number }, void>
export declare const levelOf: AccessLookup
export declare const userOf: (viewer: Viewer) => string
export declare const step: (match: Draft<Match>) => void
