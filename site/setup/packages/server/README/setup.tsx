import type { Server } from 'node:http'
import type { Host, Store } from '@rivulet/server'

export declare const emptyBoard: () => string[][]
export declare const userOf: (auth: Readonly<Record<string, unknown>>) => string
export declare const server: Server
export declare const generation: bigint
export declare const camera: (key: string) => {
  onFrame(listener: (payload: Uint8Array, frame: bigint, timestamp: bigint) => void): () => void
}
export declare const host: Host
export declare const lobby: Store<{ players: ReadonlyMap<string, { name: string }> | null }>
export declare const nameOf: (auth: Readonly<Record<string, unknown>>) => string
