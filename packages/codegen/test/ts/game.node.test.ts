import { readFileSync } from 'node:fs'
import { decodeState, encodeState, type StoreDef, type StructTable, type TypeNode } from '@rivulet/wire'
import { expect, test } from 'vitest'
import type { SchemaNode } from '../../src/index.ts'
import { readTs } from '../support/read-ts.ts'

// The game of the demo as TypeScript: the same names and bytes as its Go host.
const GAME = `
/** @restream.store(BoardStore) */
export interface BoardStoreState {
  readonly board: readonly (readonly string[] | null)[] | null
  readonly xTurn: boolean
}
/** @restream.rpc() @access 1 */
interface Calls { placeToken(x: int64, y: int64): void }
/** @restream.event() */
interface Events { serverTime(currentTime: Date): void }
`

function wireNode(node: SchemaNode): TypeNode {
  if (node.kind === 'array') {
    const { kind, elem, ...marks } = node
    return { kind, elem: wireNode(elem), ...marks }
  }
  if (node.kind === 'string' || node.kind === 'bool') return { kind: node.kind }
  throw new Error(`the game has no ${node.kind}`)
}

test('the game: names, access and bytes', () => {
  const { diagnostics, pkg, struct } = readTs(GAME)
  expect(diagnostics).toEqual([])
  expect(pkg.stores).toEqual([
    {
      goStruct: 'BoardStore',
      name: 'BoardStore',
      type: 'DeviceWithRelay',
      minimumAccess: 0,
      state: 'schema.BoardStoreState',
    },
  ])
  expect(pkg.rpcs.map(({ name, access, result }) => [name, access, result])).toEqual([['PlaceToken', 1, null]])
  expect(pkg.events.map(({ name }) => name)).toEqual(['ServerTime'])
  expect(pkg.packets.map(({ name, fields }) => [name, fields.map(({ node }) => node.kind)])).toEqual([
    ['PlaceTokenRequest', ['int64', 'int64']],
    ['PlaceTokenResponse', ['pointer']],
    ['ServerTimeEvent', ['time']],
  ])
  const { fields } = struct('BoardStoreState')
  const table: StructTable = {
    'schema.BoardStoreState': {
      form: 'partial',
      fields: fields.map(({ tsName, id, node }) => ({ name: tsName, id: id as number, type: wireNode(node) })),
    },
  }
  const def: StoreDef = { kind: 'store', name: 'BoardStore', state: 'schema.BoardStoreState', types: [table] }
  const state = { board: [['X'], null], xTurn: true }
  const bytes = encodeState(def, state)
  // A body of 12 bytes: the board (id 1, 7 bytes: a list of two, one with "X", one null), then the turn (id 2).
  expect([...bytes]).toEqual([12, 1, 7, 0, 2, 0, 1, 1, 88, 1, 2, 1, 1])
  expect(decodeState(def, bytes)).toEqual(state)
})

test('200 structs are read in little time', () => {
  const source = Array.from({ length: 200 }, (_, index) => {
    const fields = Array.from(
      { length: 20 },
      (_unused, at) => `  f${at}: readonly (int32 | null)[]; g${at}: ReadonlyMap<string, S${(index + at) % 200}>`,
    )
    return `/** @restream.partials */\nexport interface S${index} {\n${fields.join('\n')}\n}`
  }).join('\n')
  readTs(source)
  const start = performance.now()
  const { pkg } = readTs(source)
  const ms = performance.now() - start
  console.log(`200 structs of 40 fields: ${ms.toFixed(0)} ms`)
  expect(pkg.structs).toHaveLength(200)
  // Not a measure: only that nothing grows with the square of the sources.
  expect(ms).toBeLessThan(10_000)
})

test('the example of the documentation is read', () => {
  const page = readFileSync(new URL('../../../../docs/schema-from-typescript.md', import.meta.url), 'utf8')
  const [, example = ''] = /```ts\n([^]*?)```/.exec(page) ?? []
  const { diagnostics, pkg } = readTs({ 'schema/example.ts': example })
  expect(diagnostics).toEqual([])
  expect(pkg.structs.map(({ name, flavour }) => [name, flavour])).toEqual([
    ['BoardStoreState', 'partial'],
    ['Cell', 'partial'],
  ])
  expect(pkg.enums.map(({ kind }) => kind)).toEqual(['uint8'])
  expect([...pkg.rpcs, ...pkg.events].map(({ name }) => name)).toEqual(['Board.PlaceToken', 'ServerTime'])
})
