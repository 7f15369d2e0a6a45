import type { Server } from 'node:http'

export declare const emptyBoard: () => string[][]
export declare const userOf: (auth: Readonly<Record<string, unknown>>) => string
export declare const server: Server
export declare const generation: bigint
export declare const camera: (key: string) => {
  onFrame(listener: (payload: Uint8Array, frame: bigint, timestamp: bigint) => void): () => void
}
