import type { EventDef, RpcDef, StoreDef, Types } from '@rivulet/wire'

/** The board: rows of cells, `'X'`, `'O'` or `''`. */
export interface BoardStoreState {
  readonly board: readonly (readonly string[] | null)[] | null
  readonly xTurn: boolean
}

/** Where to place the next token; both start at 0. */
export interface PlaceTokenRequest {
  readonly x: number
  readonly y: number
}

/** The host's clock. */
export interface ServerTimePacket {
  readonly currentTime: Date
}

const types: Types = [
  {
    'game.BoardStoreState': {
      form: 'partial',
      fields: [
        {
          name: 'board',
          id: 1,
          type: { kind: 'array', elem: { kind: 'array', elem: { kind: 'string' } } },
        },
        { name: 'xTurn', id: 2, type: { kind: 'bool' } },
      ],
    },
    'game.PlaceTokenRequest': {
      form: 'flat',
      fields: [
        { name: 'x', type: { kind: 'int64' } },
        { name: 'y', type: { kind: 'int64' } },
      ],
    },
    'game.PlaceTokenResponse': {
      form: 'flat',
      fields: [{ name: 'error', type: { kind: 'pointer', elem: { kind: 'string' } } }],
    },
    'game.ServerTimePacket': {
      form: 'flat',
      fields: [{ name: 'currentTime', type: { kind: 'time' } }],
    },
  },
]

/** The state of the game. */
export const BoardStore: StoreDef<BoardStoreState> = {
  kind: 'store',
  name: 'BoardStore',
  state: 'game.BoardStoreState',
  types,
}

/** Places the next token. Fails with `cell outside the board` or `cell already occupied`. */
export const PlaceToken: RpcDef<PlaceTokenRequest, void> = {
  kind: 'rpc',
  name: 'PlaceToken',
  request: 'game.PlaceTokenRequest',
  response: 'game.PlaceTokenResponse',
  types,
  access: 1,
}

/** The host's clock, twice a second. */
export const ServerTime: EventDef<ServerTimePacket> = {
  kind: 'event',
  name: 'ServerTime',
  packet: 'game.ServerTimePacket',
  types,
}
