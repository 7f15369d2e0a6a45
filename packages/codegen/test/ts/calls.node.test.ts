import { describe, expect, test } from 'vitest'
import { readTs } from '../support/read-ts.ts'

const STORE = '/** @restream.store(Board) */ interface BoardState { a: string }\n'

describe('calls', () => {
  test('are named after their interface, and carry their parameters', () => {
    const { diagnostics, pkg, model } = readTs(`
/** @restream.rpc @access 1 */
interface Board {
  /** Places the next token. */
  placeToken(x: int32, y: int32): void
  /** @access 3 @name Sums.Add */
  add(values: readonly int32[], since: Date | null): Promise<int64>
  cells(): readonly Cell[] | null
  wait(): Promise<void>
}
interface Cell { x: int32 }`)
    expect(diagnostics).toEqual([])
    expect(pkg.rpcs).toEqual([
      {
        name: 'Board.Cells',
        access: 1,
        context: false,
        request: 'schema.BoardCellsRequest',
        response: 'schema.BoardCellsResponse',
        result: { kind: 'array', elem: { kind: 'struct', ref: 'schema.Cell' } },
      },
      {
        name: 'Board.PlaceToken',
        access: 1,
        context: false,
        request: 'schema.BoardPlaceTokenRequest',
        response: 'schema.BoardPlaceTokenResponse',
        result: null,
      },
      {
        name: 'Board.Wait',
        access: 1,
        context: false,
        request: 'schema.BoardWaitRequest',
        response: 'schema.BoardWaitResponse',
        result: null,
      },
      {
        name: 'Sums.Add',
        access: 3,
        context: false,
        request: 'schema.SumsAddRequest',
        response: 'schema.SumsAddResponse',
        result: { kind: 'int64' },
      },
    ])
    const error = { goName: 'Error', tsName: 'error', node: { kind: 'pointer', elem: { kind: 'string' } } }
    expect(pkg.packets.filter(({ name }) => /PlaceToken|SumsAdd/.test(name))).toEqual([
      {
        name: 'BoardPlaceTokenRequest',
        flavour: 'flat',
        packet: 'rpcRequest',
        fields: [
          { goName: 'X', tsName: 'x', node: { kind: 'int32' } },
          { goName: 'Y', tsName: 'y', node: { kind: 'int32' } },
        ],
      },
      { name: 'BoardPlaceTokenResponse', flavour: 'flat', packet: 'rpcResponse', fields: [error] },
      {
        name: 'SumsAddRequest',
        flavour: 'flat',
        packet: 'rpcRequest',
        fields: [
          { goName: 'Values', tsName: 'values', node: { kind: 'array', notNull: true, elem: { kind: 'int32' } } },
          { goName: 'Since', tsName: 'since', node: { kind: 'pointer', elem: { kind: 'time' } } },
        ],
      },
      {
        name: 'SumsAddResponse',
        flavour: 'flat',
        packet: 'rpcResponse',
        fields: [{ goName: 'Result', tsName: 'result', node: { kind: 'int64' } }, error],
      },
    ])
    expect(model.packages[0]?.rpcs[1]?.extra).toEqual({
      at: { file: 'schema/main.ts', line: 6, column: 3 },
      doc: 'Places the next token.',
    })
    expect(pkg.structs.map(({ name }) => name)).toEqual(['Cell'])
  })

  test.each([
    ['@restream.rpc', 'Board.Go'],
    ['@restream.rpc()', 'Go'],
    ['@restream.rpc(Game)', 'Game.Go'],
    ['@restream.rpc("Big.Game")', 'Big.Game.Go'],
  ])('%s: %s', (annotation, name) => {
    const { errors, pkg } = readTs(`/** ${annotation} */ interface Board { go(): void }`)
    expect(errors).toEqual([])
    expect(pkg.rpcs.map((rpc) => rpc.name)).toEqual([name])
  })

  test('sends, events, keyed events and streams', () => {
    const { errors, pkg } = readTs(`${STORE}
/** @restream.send(House) @access 2 */ interface Sends { note(key: string, data: Uint8Array): void }
/** @restream.event() */ interface Events { serverTime(currentTime: Date): void }
/** @restream.keyedEvent(Board) */ interface Cell { changed(key: string, x: int32): void }
/** @restream.keyedEvent(Board, "") */ interface Others { gone(id: string): void }
/** @restream.stream(Board, Camera) */ interface Streams { video(key: string): Uint8Array }`)
    expect(errors).toEqual([])
    expect(pkg.ffrpcs).toEqual([{ name: 'House.Note', access: 2, context: false, request: 'schema.HouseNoteRequest' }])
    expect(pkg.events).toEqual([{ name: 'ServerTime', packet: 'schema.ServerTimeEvent' }])
    expect(pkg.keyedEvents).toEqual([
      { name: 'Cell.Changed', store: 'Board', packet: 'schema.CellChangedEvent' },
      { name: 'Gone', store: 'Board', packet: 'schema.GoneEvent' },
    ])
    expect(pkg.streams).toEqual([{ name: 'Camera.Video', store: 'Board' }])
    expect(pkg.packets.map(({ name, packet, fields }) => [name, packet, fields.map(({ tsName }) => tsName)])).toEqual([
      ['CellChangedEvent', 'keyedEvent', ['x']],
      ['GoneEvent', 'keyedEvent', []],
      ['HouseNoteRequest', 'ffrpcRequest', ['key', 'data']],
      ['ServerTimeEvent', 'event', ['currentTime']],
    ])
  })

  test('a store may be declared after, and in another file than, its events', () => {
    const { errors } = readTs({
      'schema/a.ts': '/** @restream.keyedEvent(Board) */ interface Cell { changed(key: string): void }',
      'schema/b.ts': STORE,
    })
    expect(errors).toEqual([])
  })
})

describe('refused signatures', () => {
  test.each([
    ['@restream.rpc', '«go: () => void', 'call', 'C has a member that is no call'],
    ['@restream.rpc', '«[key: string]: string', 'call', 'C has a member that is no call'],
    ['@restream.rpc', '«(): void', 'call', 'C has a member that is no call'],
    ['@restream.rpc', '«get a(): string', 'call', 'C has a member that is no call'],
    ['@restream.rpc', '«go?(): void', 'call', 'C.Go is optional'],
    ['@restream.rpc', '«go<T>(a: T): void', 'call', 'C.Go is generic'],
    ['@restream.rpc', '«go()', 'call', 'C.Go does not say what it returns'],
    ['@restream.rpc', '/** «@name a-b */ go(): void', 'call', '"a-b" cannot name a type'],
    ['@restream.rpc', 'go(«...a: string[]): void', 'call', 'C.Go has a parameter that cannot travel'],
    ['@restream.rpc', 'go(«{ a }: S): void', 'call', 'C.Go has a parameter that cannot travel'],
    ['@restream.rpc', 'go(«_a: string): void', 'call', 'C.Go has a parameter that cannot travel'],
    ['@restream.rpc', 'go(«a?: string): void', 'undefined', 'C.Go (a) is optional'],
    ['@restream.rpc', 'go(«a): void', 'unknown-type', 'C.Go (a) has no type'],
    ['@restream.rpc', 'go(a: string, «A: string): void', 'field-clash', 'C.Go: two parameters would be A'],
    ['@restream.rpc', 'go(a: «any): void', 'unsupported-type', 'C.Go (a) is `any`'],
    ['@restream.rpc', 'go(): «any', 'unsupported-type', 'C.Go (result) is `any`'],
    ['@restream.rpc', '/** «@access 999 */ go(): void', 'access-level', undefined],
    ['@restream.send', '«go(): string', 'call', 'C.Go is a call without a response and returns something'],
    ['@restream.event', '«go(): string', 'call', 'C.Go is an event and returns something'],
    ['@restream.event', '«go()', 'call', 'C.Go is an event and returns something'],
    ['@restream.keyedEvent(Board)', '«go(): void', 'keyed-event', 'C.Go does not have its key first, a string'],
    ['@restream.keyedEvent(Board)', '«go(key: int32): void', 'keyed-event', undefined],
    ['@restream.stream(Board)', '«go(): Uint8Array', 'keyed-event', undefined],
    ['@restream.stream(Board)', '«go(key: string): string', 'call', 'C.Go is no stream of bytes'],
    ['@restream.stream(Board)', '«go(key: string, more: string): Uint8Array', 'call', 'C.Go is no stream of bytes'],
    ['«@restream.keyedEvent(None)', 'go(key: string): void', 'keyed-event', 'C.Go: there is no store "None"'],
    ['«@restream.stream(None)', 'go(key: string): Uint8Array', 'keyed-event', 'C.Go: there is no store "None"'],
    [
      '«@restream.keyedEvent',
      'go(key: string): void',
      'annotation',
      '@restream.keyedEvent has no store in its parentheses',
    ],
    ['«@restream.rpc(A, B)', 'go(): void', 'annotation', '@restream.rpc has too much in its parentheses'],
    [
      '@restream.rpc',
      'go(): void; «go(a: string): void',
      'duplicate-name',
      '"C.Go" is there already, at schema/main.ts:3',
    ],
    ['@restream.event', 'go(): void; /** @name CGo */ «on(): void', 'duplicate-name', undefined],
  ])('%s %s: %s', (annotation, member, code, message) => {
    const { errors, marks } = readTs(`${STORE}/** ${annotation} */ interface C { ${member} }`)
    const own = errors.find((error) => error.code === code)
    expect(own).toMatchObject({ ...marks[0], ...(message === undefined ? {} : { message }) })
    expect(errors.every((error) => error.code === code)).toBe(true)
  })

  test.each([
    ['interface «C<T> { go(a: T): void }', 'annotation'],
    ['type «C = { go(): void }', 'annotation'],
    ['interface C extends «Other { go(): void }', 'call'],
  ])('%s: %s', (declaration, code) => {
    const { errors, marks } = readTs(`/** @restream.rpc */ ${declaration}`)
    expect(errors).toMatchObject([{ code, ...marks[0] }])
  })
})
