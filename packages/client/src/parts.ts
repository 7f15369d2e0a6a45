/**
 * The parts of a client, for what puts one together in another way than `createClient` does: `@rivulet/testing` runs the engine beside the page, on sockets without a network. Apps have no use for it,
 * and it may change with any version.
 */
export { createClientWith } from './page/create-client.ts'
export { createLive } from './page/create-live.ts'
export { createEngine } from './engine/create-engine.ts'
export type { EngineSocket, SocketFactory } from './engine/socket.ts'
