import { describe, expect, test } from 'vitest'
import { readTs } from '../support/read-ts.ts'

describe('structs', () => {
  test('have the fields of what they extend first, then their own, each with an id of their own', () => {
    const { errors, struct, model } = readTs(`
interface Named<T> { readonly name: T }
type Placed = { x: int32 } & { y: int32 }
/** @restream.fields */
interface Pin extends Named<string | null>, Placed { readonly color: string }
/** @restream.partials */
type Flag = Placed & Named<boolean> & { since: Date }`)
    expect(errors).toEqual([])
    expect(struct('Pin').fields.map(({ tsName, id, node }) => [tsName, id, node.kind])).toEqual([
      ['name', 1, 'pointer'],
      ['x', 2, 'int32'],
      ['y', 3, 'int32'],
      ['color', 4, 'string'],
    ])
    expect(struct('Flag').fields.map(({ tsName, id, node }) => [tsName, id, node.kind])).toEqual([
      ['x', 1, 'int32'],
      ['y', 2, 'int32'],
      ['name', 3, 'bool'],
      ['since', 4, 'time'],
    ])
    // The parts do not travel by themselves.
    expect(model.packages[0]?.structs.map(({ name }) => name)).toEqual(['Flag', 'Pin'])
    expect(model.packages[0]?.structs[0]?.fields[2]?.extra).toEqual({
      at: { file: 'schema/main.ts', line: 3, column: 22 },
      typeText: 'T',
      embedded: ['schema.Named'],
    })
  })

  test('are flat without an annotation, and the strongest one counts', () => {
    const { errors, struct } = readTs(`
/** @restream.fields @restream.partials @restream.serializers */
interface Strong { a: Plain; b: Fielded | null }
interface Plain { c: Deep }
interface Deep { d: string }
/** @restream.serializers @restream.fields */
interface Fielded { e: string }`)
    expect(errors).toEqual([])
    expect(['Strong', 'Plain', 'Deep', 'Fielded'].map((name) => struct(name).flavour)).toEqual([
      'partial',
      'flat',
      'flat',
      'fielded',
    ])
    expect(struct('Plain')).toEqual({
      name: 'Plain',
      flavour: 'flat',
      file: 'schema.ts',
      fields: [{ goName: 'C', tsName: 'c', node: { kind: 'struct', ref: 'schema.Deep' } }],
    })
  })

  test('names of the host: a capital first, or what @name says', () => {
    const { errors, struct } = readTs(
      '/** @restream.fields */ interface S { xTurn: boolean; /** @name URLPath */ urlPath: string; "quoted": string; my_F: string; Ärger: string }',
    )
    expect(errors).toEqual([])
    expect(struct('S').fields.map(({ tsName, goName }) => [tsName, goName])).toEqual([
      ['xTurn', 'XTurn'],
      ['urlPath', 'URLPath'],
      ['quoted', 'Quoted'],
      ['my_F', 'My_F'],
      ['Ärger', 'Ärger'],
    ])
  })

  test('generics are flat, and their fields name the parameters', () => {
    const { errors, struct, node } = readTs(`
/** @restream.fields */
interface S { duo: Duo<string, int32>; one: Duo<uint16, Leaf> | null }
interface Duo<A, B> { one: A | null; many: readonly B[] | null; dict: ReadonlyMap<A, B> | null; bare: B }
interface Leaf { a: string }`)
    expect(errors).toEqual([])
    expect(node('S.duo')).toEqual({
      kind: 'struct',
      ref: 'schema.Duo',
      args: [{ kind: 'string' }, { kind: 'int32' }],
    })
    const a = { kind: 'param', name: 'A' }
    const b = { kind: 'param', name: 'B' }
    expect(struct('Duo').typeParams).toEqual(['A', 'B'])
    expect(struct('Duo').fields.map((field) => field.node)).toEqual([
      { kind: 'pointer', elem: a },
      { kind: 'array', elem: b },
      { kind: 'map', key: a, value: b },
      b,
    ])
  })

  test('docs go along without the tags', () => {
    const { model } = readTs(`
/**
 * The board. Ask \`@id 7\` or me@name.org.
 *
 * @restream.partials
 */
export interface S {
  /** Whose turn it is. @id 4 */
  x: boolean
  // Not a doc comment.
  y: boolean
}`)
    const found = model.packages[0]?.structs[0]
    expect(found?.extra).toEqual({
      at: { file: 'schema/main.ts', line: 8, column: 18 },
      doc: 'The board. Ask `@id 7` or me@name.org.',
    })
    expect(found?.fields.map(({ id, extra }) => [id, extra?.doc])).toEqual([
      [4, 'Whose turn it is.'],
      [5, undefined],
    ])
  })
})

describe('partial capability', () => {
  const parent = '/** @restream.partials */ export interface Parent { child: Child; list: readonly Child[] }'
  const child = '/** @restream.partials */ export interface Child { a: string }'
  const one = `${parent}\n${child}`
  const two = {
    'schema/parent.ts': `import type { Child } from './child.ts'\n${parent}`,
    'schema/child.ts': child,
  }

  test('does not depend on the file that a declaration is in', () => {
    const before = readTs(one)
    const after = readTs(two)
    expect(before.errors).toEqual([])
    expect(after.pkg).toEqual(before.pkg)
    expect(after.lock?.text).toBe(before.lock?.text)
    expect(after.struct('Parent').fields.map(({ partial }) => partial?.helper)).toEqual(['value', 'modArray'])
  })

  test('ends where @restream.file says so', () => {
    const apart = readTs(
      one.replace('partials */ export interface Child', 'partials @restream.file(child.go) */ interface Child'),
    )
    expect(apart.errors).toEqual([])
    expect(apart.struct('Child').file).toBe('child.go')
    expect(apart.struct('Parent').fields.map(({ partial }) => partial?.helper)).toEqual(['scalar', 'array'])
  })
})

describe('files', () => {
  test('are followed through imports of every form', () => {
    const { errors, pkg } = readTs({
      'schema/main.ts': `
import Def, { type Renamed as R } from './other.js'
import type * as ns from '../lib'
import { Deep } from '../lib/index.ts'
/** @restream.fields */
export interface S { a: Def; b: R; c: ns.Deep; d: ns.inner.Leaf; e: Deep }`,
      'schema/other.ts': 'export default interface Def {}\ninterface Local {}\nexport { type Local as Renamed }',
      'lib/index.ts': "export * from './deep.mjs'\nexport * as inner from './leaf.ts'",
      'lib/deep.mts': 'export interface Deep {}',
      'lib/leaf.ts': 'export interface Leaf {}\n/** @restream.fields */ export interface NotUsed {}',
    })
    expect(errors).toEqual([])
    expect(pkg.structs.map(({ name }) => name)).toEqual(['Deep', 'Def', 'Leaf', 'Local', 'S'])
  })

  test('features 83 and 129: of a folder are those with sources, and an input may be one file', () => {
    const sources = {
      'schema/a.ts': '/** @restream.fields */ interface A {}',
      'schema/a.test.ts': '/** @restream.fields */ interface B {}',
      'schema/a.d.ts': '/** @restream.fields */ interface C {}',
      'schema/deeper/d.ts': '/** @restream.fields */ interface D {}',
      'one.ts': '/** @restream.fields */ interface E {}',
    }
    expect(readTs(sources).pkg.structs.map(({ name }) => name)).toEqual(['A'])
    expect(readTs(sources, { inputs: ['one.ts', 'schema', 'one.ts'] }).pkg.structs.map(({ name }) => name)).toEqual([
      'A',
      'E',
    ])
  })

  test('a package of another name', () => {
    const { pkg, node } = readTs('/** @restream.fields */ interface S { e: E }\nenum E { A }', {
      packageName: 'garden',
    })
    expect([pkg.name, pkg.tsFile]).toEqual(['garden', 'PackageGarden.ts'])
    expect(node('S.e')).toEqual({ kind: 'int32', named: 'garden.E' })
  })
})

describe('stores', () => {
  test.each([
    ['@restream.store(BoardStore)', 'BoardStoreState', 'BoardStore', 'BoardStore', 'DeviceWithRelay', 0],
    ['@restream.store("Vault", CloudOnly) @access 9', 'VaultStoreState', 'Vault', 'VaultStore', 'CloudOnly', 9],
    ['@restream.store(Board, type=StoreTypeDeviceAndCloud)', 'Cells', 'Board', 'Board', 'DeviceAndCloud', 0],
    ['@restream.store(Board, restream.StoreTypeCloudOnly)', 'Board', 'Board', 'BoardStore', 'CloudOnly', 0],
    ['@restream.store(my board)', 'Cells', 'my board', 'Myboard', 'DeviceWithRelay', 0],
  ])('%s above %s', (tags, state, name, goStruct, type, minimumAccess) => {
    const { diagnostics, pkg, struct } = readTs(`/** ${tags} */\nexport interface ${state} { a: string }`)
    expect(diagnostics).toEqual([])
    expect(pkg.stores).toEqual([{ goStruct, name, type, minimumAccess, state: `schema.${state}` }])
    expect(pkg.consts).toEqual([{ name: `${goStruct}Name`, value: name, origin: 'storeName' }])
    expect(struct(state).flavour).toBe('partial')
  })
})
