import { decodeState, decodeValue, encodeValue, isRivuletError } from '@rivulet/wire'
import { io, type Socket } from 'socket.io-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type GameHost, type GameHostOptions, startGameHost } from '../host/start-game-host.ts'
import { BoardStore, type BoardStoreState, PlaceToken, ServerTime, type ServerTimeEvent } from '../src/game/schema.ts'

const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close()
})

function start(options: Partial<GameHostOptions> = {}): GameHost {
  const game = startGameHost({ port: 0, logger: null, ...options })
  open.push(game)
  return game
}

async function join(game: GameHost): Promise<Socket> {
  const socket = io(`http://localhost:${await game.host.listening}`, { path: '/socket', reconnection: false })
  open.push(socket)
  return socket
}

function next<T>(socket: Socket, event: string): Promise<T> {
  return new Promise((resolve) => socket.once(event, resolve))
}

let callID = 0

async function call(socket: Socket, x: number, y: number): Promise<string | null> {
  const request = encodeValue(PlaceToken.types, { kind: 'struct', ref: PlaceToken.request }, { x, y })
  const answer = next<{ response: unknown }>(socket, 'rpccallresp')
  socket.emit('rpccall', { callID: ++callID, methodName: PlaceToken.name, request })
  const { response } = await answer
  const value = decodeValue(PlaceToken.types, { kind: 'struct', ref: PlaceToken.response }, response)
  return (value as { error: string | null }).error
}

describe('the game host', () => {
  test('feature 100: a page gets the board, places tokens, and is told why it cannot', async () => {
    const socket = await join(start())
    const first = next<{ kind: number; state: unknown }>(socket, 'storeupdate')
    socket.emit('storesub', { storeName: 'BoardStore', action: 0 })
    const { kind, state } = await first
    expect(kind).toBe(0)
    expect(decodeState(BoardStore, state).xTurn).toBe(true)
    const second = next<{ kind: number }>(socket, 'storeupdate')
    expect(await call(socket, 1, 1)).toBeNull()
    expect((await second).kind).toBe(2)
    expect(await call(socket, 1, 1)).toBe('cell already occupied')
    expect(await call(socket, 5, 0)).toBe('cell outside the board')
  })

  test('feature 100: tells the time without being asked', async () => {
    const socket = await join(start({ clockMs: 5 }))
    const { eventName, event } = await next<{ eventName: string; event: unknown }>(socket, 'event')
    expect(eventName).toBe('ServerTime')
    const packet = decodeValue(ServerTime.types, { kind: 'struct', ref: ServerTime.packet }, event) as ServerTimeEvent
    expect(Math.abs(packet.currentTime.getTime() - Date.now())).toBeLessThan(60_000)
  })

  test('starts over by itself after a game', async () => {
    const game = start({ restartAfterMs: 20 })
    const socket = await join(game)
    for (const [x, y] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [2, 0],
    ] as const)
      expect(await call(socket, x, y)).toBeNull()
    const empty = (state: BoardStoreState): boolean => state.xTurn && (state.board ?? []).flat().every((c) => c === '')
    await vi.waitUntil(() => empty(game.board.state))
    expect(await call(socket, 0, 0)).toBeNull()
  })

  test('says so when the port is taken', async () => {
    const port = await start().host.listening
    await expect(start({ port }).host.listening).rejects.toSatisfy((e) => isRivuletError(e) && e.code === 'config')
  })
})
