import * as fc from 'fast-check'
import type { Flavour, SchemaNode } from '../../src/index.ts'

/** A field and how it is written. */
interface RandomField {
  readonly name: string
  readonly node: SchemaNode
  readonly type: string
  readonly id?: number
  readonly options: readonly string[]
}

interface RandomStruct {
  readonly name: string
  readonly flavour: Flavour
  readonly file: string
  readonly maxField: number
  readonly fields: readonly RandomField[]
}

/** Go sources and the structs that they declare, written at random from one another. */
export interface RandomProject {
  readonly packages: readonly { readonly name: string; readonly structs: readonly RandomStruct[] }[]
  readonly files: Readonly<Record<string, string>>
}

/** A type: its node, and its text as a package sees it. */
interface RandomType {
  readonly node: SchemaNode
  readonly text: (from: string) => string
}

const BASIC: readonly (readonly [string, SchemaNode])[] = [
  ['bool', { kind: 'bool' }],
  ['string', { kind: 'string' }],
  ['int', { kind: 'int64', goType: 'int' }],
  ['int8', { kind: 'int8' }],
  ['int16', { kind: 'int16' }],
  ['int32', { kind: 'int32' }],
  ['int64', { kind: 'int64' }],
  ['uint', { kind: 'uint64', goType: 'uint' }],
  ['uint8', { kind: 'uint8' }],
  ['byte', { kind: 'uint8', goType: 'byte' }],
  ['uint16', { kind: 'uint16' }],
  ['uint32', { kind: 'uint32' }],
  ['uint64', { kind: 'uint64' }],
  ['float32', { kind: 'float32' }],
  ['float64', { kind: 'float64' }],
]
const REST: readonly (readonly [string, SchemaNode])[] = [
  ['any', { kind: 'any' }],
  ['interface{}', { kind: 'any' }],
  ['time.Time', { kind: 'time' }],
]

const basic = fc.constantFrom(...BASIC).map(([text, node]): RandomType => ({ node, text: () => text }))
const rest = fc.constantFrom(...REST).map(([text, node]): RandomType => ({ node, text: () => text }))

interface Shape {
  readonly packages: readonly {
    readonly name: string
    readonly structs: readonly { readonly name: string; readonly file: string; readonly flavour: Flavour }[]
  }[]
}

// One package after another, because Go's imports cannot go round in circles: a package sees itself and those before it.
const shapes: fc.Arbitrary<Shape> = fc
  .array(
    fc.array(
      fc.record({
        file: fc.constantFrom('one.go', 'two.go'),
        flavour: fc.constantFrom<Flavour>('flat', 'fielded', 'partial'),
      }),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((packages) => ({
    packages: packages.map((structs, index) => ({
      name: `pkg${index}`,
      structs: structs.map((struct, at) => ({ ...struct, name: `S${at}` })),
    })),
  }))

function typesFor(shape: Shape, pkgIndex: number, structIndex: number): fc.Arbitrary<RandomType> {
  // By value only what was declared before, so that nothing contains itself; behind a pointer, list or map everything.
  const refs = shape.packages
    .slice(0, pkgIndex + 1)
    .flatMap(({ name, structs }, index) =>
      structs.map((struct, at) => ({ pkg: name, name: struct.name, earlier: index < pkgIndex || at < structIndex })),
    )
  const toType = ({ pkg, name }: (typeof refs)[number]): RandomType => ({
    node: { kind: 'struct', ref: `${pkg}.${name}` },
    text: (from) => (from === pkg ? name : `${pkg}.${name}`),
  })
  const named = fc.constantFrom(...shape.packages.slice(0, pkgIndex + 1)).map(({ name: pkg }): RandomType => ({
    node: { kind: 'uint16', named: `${pkg}.Code` },
    text: (from) => (from === pkg ? 'Code' : `${pkg}.Code`),
  }))
  const anyStruct = fc.constantFrom(...refs).map(toType)
  const earlier = refs.filter((ref) => ref.earlier).map(toType)
  const key = fc.oneof(basic, named)
  const wrap = (inner: fc.Arbitrary<RandomType>): fc.Arbitrary<RandomType> =>
    fc.oneof(
      inner.map(({ node, text }): RandomType => ({
        node: { kind: 'pointer', elem: node },
        text: (from) => `*${text(from)}`,
      })),
      inner.map(({ node, text }): RandomType => ({
        node: { kind: 'array', elem: node },
        text: (from) => `[]${text(from)}`,
      })),
      fc.tuple(key, inner).map(([k, v]): RandomType => ({
        node: { kind: 'map', key: k.node, value: v.node },
        text: (from) => `map[${k.text(from)}]${v.text(from)}`,
      })),
      key.map((k): RandomType => ({
        node: { kind: 'set', key: k.node },
        text: (from) => `map[${k.text(from)}]struct{}`,
      })),
    )
  const { inside } = fc.letrec<{ inside: RandomType }>((tie) => ({
    inside: fc.oneof({ maxDepth: 3, depthIdentifier: 'type' }, basic, rest, named, anyStruct, wrap(tie('inside'))),
  }))
  return fc.oneof(basic, rest, named, wrap(inside), ...(earlier.length === 0 ? [] : [fc.constantFrom(...earlier)]))
}

// A list of structs without fields is refused.
const fieldNames = fc.uniqueArray(fc.stringMatching(/^[A-Z][A-Za-z0-9_]{0,6}$/), { minLength: 1, maxLength: 6 })

/** Random projects: several packages and files, all flavours, types in each other, with ids or without. */
export function projectArbitrary({ withIds }: { readonly withIds: boolean }): fc.Arbitrary<RandomProject> {
  return shapes.chain((shape) =>
    fc
      .tuple(
        ...shape.packages.flatMap(({ structs }, pkgIndex) =>
          structs.map((_, structIndex) =>
            fieldsArbitrary(typesFor(shape, pkgIndex, structIndex), shape.packages[pkgIndex]?.name as string),
          ),
        ),
      )
      .map((drawn) => assemble(shape, drawn, withIds)),
  )
}

interface Drawn {
  readonly fields: readonly {
    readonly name: string
    readonly type: RandomType
    readonly text: string
    readonly options: readonly string[]
  }[]
  readonly holes: number
  readonly order: readonly number[]
}

/** Pointers that are never nil to a struct may lead back to it, which is refused. */
const leadsToStruct = (node: SchemaNode): boolean =>
  node.kind === 'pointer' && (node.elem.kind === 'struct' || leadsToStruct(node.elem))

function fieldsArbitrary(types: fc.Arbitrary<RandomType>, pkg: string): fc.Arbitrary<Drawn> {
  const options = fc.subarray(['notnil', 'valnotnil'])
  return fieldNames.chain((names) =>
    fc.record({
      fields: fc.tuple(
        ...names.map((name) =>
          fc.tuple(types, options).map(([type, opts]) => ({
            name,
            type,
            text: type.text(pkg),
            options: leadsToStruct(type.node) ? [] : opts,
          })),
        ),
      ),
      holes: fc.nat({ max: 5 }),
      order: fc.shuffledSubarray(
        names.map((_, index) => index),
        { minLength: names.length },
      ),
    }),
  )
}

function assemble(shape: Shape, drawn: readonly Drawn[], withIds: boolean): RandomProject {
  let next = 0
  const packages = shape.packages.map(({ name: pkg, structs }) => ({
    name: pkg,
    structs: structs.map((struct): RandomStruct => {
      const { fields, holes, order } = drawn[next] as Drawn
      next += 1
      const ids = withIds && struct.flavour !== 'flat'
      return {
        ...struct,
        maxField: ids && fields.length > 0 ? fields.length + holes : 0,
        fields: fields.map(({ name, type, text, options }, index) => ({
          name,
          type: text,
          node: marked(type.node, options),
          options,
          ...(ids ? { id: (order[index] as number) + 1 } : {}),
        })),
      }
    }),
  }))
  const files = packages.flatMap(({ name, structs }) =>
    ['one.go', 'two.go'].map((file) => [`${name}/${file}`, write(name, file, structs)] as const),
  )
  return { packages, files: Object.fromEntries(files) }
}

function marked(node: SchemaNode, options: readonly string[]): SchemaNode {
  const inner = (part: SchemaNode): SchemaNode =>
    options.includes('valnotnil') && ['pointer', 'array', 'map', 'set'].includes(part.kind)
      ? ({ ...part, notNull: true } as SchemaNode)
      : part
  const outer = options.includes('notnil') ? { notNull: true as const } : {}
  switch (node.kind) {
    case 'pointer':
    case 'array':
      return { ...node, ...outer, elem: inner(node.elem) }
    case 'map':
      return { ...node, ...outer, value: inner(node.value) }
    case 'set':
      return { ...node, ...outer }
    default:
      return node
  }
}

const ANNOTATION: Readonly<Record<Flavour, string>> = { flat: 'serializers', fielded: 'fields', partial: 'partials' }

function write(pkg: string, file: string, structs: readonly RandomStruct[]): string {
  const here = structs.filter((struct) => struct.file === file)
  const body = here.map((struct) => {
    const lines = struct.fields.map(({ name, type, id, options }) => {
      const parts = [...(id === undefined ? [] : [`fID=${id}`]), ...options]
      return `\t${name} ${type}${parts.length === 0 ? '' : ` \`restream:",${parts.join(',')}"\``}`
    })
    const max = struct.maxField === 0 ? [] : [`\t// MAXFIELD(${struct.maxField})`]
    return [`// @restream.${ANNOTATION[struct.flavour]}`, `type ${struct.name} struct {`, ...max, ...lines, '}'].join(
      '\n',
    )
  })
  const text = body.join('\n\n')
  const others = [...new Set(text.match(/\bpkg\d+(?=\.)/g) ?? [])]
  const imports = [...(/\btime\./.test(text) ? ['time'] : []), ...others.map((name) => `example.com/random/${name}`)]
  const code = file === 'one.go' ? '\n// Code is a named primitive.\ntype Code uint16\n' : ''
  return `package ${pkg}\n${imports.map((path) => `\nimport "${path}"`).join('')}\n${code}\n${text}\n`
}
