import * as fc from 'fast-check'
import type { Flavour, SchemaNode } from '../../src/index.ts'
import { isSayable, printType, type Style } from './print-ts.ts'

const PRIMITIVES: readonly SchemaNode[] = (
  [
    'bool',
    'string',
    'int8',
    'int16',
    'int32',
    'int64',
    'uint8',
    'uint16',
    'uint32',
    'uint64',
    'float32',
    'float64',
  ] as const
).map((kind) => ({ kind }))
const NAMED: readonly SchemaNode[] = [
  { kind: 'uint16', named: 'schema.Slot' },
  { kind: 'int8', named: 'schema.Phase' },
  { kind: 'string', named: 'schema.Light' },
]
const SHARED = `export type Slot = uint16
/** @kind int8 */ export enum Phase { Idle = -1, Busy = 5 }
export type Light = 'sun' | 'shade'
export interface Duo<A, B> { one: A | null; many: readonly B[]; dict: ReadonlyMap<A, B> }
`
const KINDS = ['Box', 'float32', 'float64', 'int16', 'int32', 'int64', 'int8', 'uint16', 'uint32', 'uint64', 'uint8']
const TAGS = { flat: 'serializers', fielded: 'fields', partial: 'partials' } as const

const key = fc.constantFrom(...PRIMITIVES, ...NAMED)
const mark = fc.constantFrom({}, { notNull: true as const })

/** A type that struct number `own` of `count` may have: by value only earlier structs, so that none contains itself. */
function typeOf(own: number, count: number): fc.Arbitrary<SchemaNode> {
  const refTo = (index: number): SchemaNode => ({ kind: 'struct', ref: `schema.S${index}` })
  const any = fc.nat(count - 1).map(refTo)
  const scalar: fc.Arbitrary<SchemaNode> = fc.oneof(key, fc.constantFrom<SchemaNode>({ kind: 'time' }, { kind: 'any' }))
  const bytes = mark.map((marks): SchemaNode => ({ kind: 'array', ...marks, elem: { kind: 'uint8' } }))
  const duo = fc.tuple(key, fc.oneof(key, any)).map((args): SchemaNode => ({ kind: 'struct', ref: 'schema.Duo', args }))
  const byValue = own === 0 ? scalar : fc.oneof(scalar, fc.nat(own - 1).map(refTo))
  // Of what may contain itself, only behind null, a list or a map.
  const nested = fc.letrec<{ type: SchemaNode }>((tie) => {
    const inner = fc.oneof({ maxDepth: 3, withCrossShrink: true }, byValue, any, bytes, tie('type'))
    return {
      type: fc.oneof(
        { maxDepth: 3 },
        bytes,
        fc.tuple(mark, inner).map(([marks, elem]): SchemaNode => ({ kind: 'array', ...marks, elem })),
        fc.tuple(mark, key, inner).map(([marks, k, value]): SchemaNode => ({ kind: 'map', ...marks, key: k, value })),
        fc.tuple(mark, key).map(([marks, k]): SchemaNode => ({ kind: 'set', ...marks, key: k })),
        fc.oneof(inner, duo).map((elem): SchemaNode => ({ kind: 'pointer', elem })),
      ),
    }
  }).type
  return fc.oneof(byValue, nested, duo).filter((node) => isSayable(node) && !hasByteList(node))
}

// A list of uint8 is printed as Uint8Array, which is the same; where the generic has it as its `many` it is refused.
function hasByteList(node: SchemaNode): boolean {
  if (node.kind === 'struct') {
    const second = node.args?.[1]
    return second?.kind === 'uint8' || (second !== undefined && hasByteList(second))
  }
  if (node.kind === 'pointer' || node.kind === 'array') return hasByteList(node.elem)
  return node.kind === 'map' && hasByteList(node.value)
}

/** A struct of a random project. */
export interface Planned {
  readonly flavour: Flavour
  readonly group: string | undefined
  readonly file: number
  readonly alias: boolean
  readonly nodes: readonly SchemaNode[]
}

/** Random projects of up to six structs that hold each other. */
export const projects: fc.Arbitrary<readonly Planned[]> = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc.tuple(
    ...Array.from({ length: count }, (_, own) =>
      fc.record({
        flavour: fc.constantFrom<Flavour>('flat', 'fielded', 'partial'),
        group: fc.constantFrom(undefined, undefined, 'apart.go'),
        file: fc.nat(2),
        alias: fc.boolean(),
        // A list of structs without fields is refused.
        nodes: fc.array(typeOf(own, count), { minLength: 1, maxLength: 6 }),
      }),
    ),
  ),
)

/** The sources, each file importing from the others. */
export function print(plan: readonly Planned[], style: Style): Readonly<Record<string, string>> {
  const names = plan.map((_, index) => `S${index}`)
  return Object.fromEntries(
    [0, 1, 2].map((file) => {
      const imports = [`import type { ${KINDS.join(', ')} } from '@rivulet/wire'`]
      if (file > 0) imports.push("import type { Duo, Light, Phase, Slot } from './file0.ts'")
      for (const other of [0, 1, 2]) {
        const theirs = names.filter((_, index) => plan[index]?.file === other)
        if (other !== file && theirs.length > 0)
          imports.push(`import type { ${theirs.join(', ')} } from './file${other}${style(2) === 0 ? '.ts' : '.js'}'`)
      }
      const structs = plan.flatMap(({ flavour, group, alias, nodes, file: home }, index) => {
        if (home !== file) return []
        const fields = nodes.map(
          (node, at) => `  ${style(2) === 0 ? 'readonly ' : ''}f${at}: ${printType(node, style)}`,
        )
        const tags = `@restream.${TAGS[flavour]}${group === undefined ? '' : ` @restream.file(${group})`}`
        const head = alias ? `export type S${index} = {` : `export interface S${index} {`
        return [`/** Number ${index}. ${tags} */\n${head}\n${fields.join('\n')}\n}`]
      })
      return [`schema/file${file}.ts`, [...imports, file === 0 ? SHARED : '', ...structs].join('\n')]
    }),
  )
}
