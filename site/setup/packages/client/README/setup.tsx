import type { StoreDef } from '@rivulet/wire'

export type { BoardStoreState } from '#demo/game/schema.ts'

export declare const LogStore: StoreDef<{ readonly lines: readonly string[] }>
export declare const x: number
export declare const y: number
