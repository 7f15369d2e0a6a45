import * as fc from 'fast-check'
import {
  type ConstValue,
  type EnumMember,
  type Flavour,
  partialShape,
  type PrimitiveKind,
  type SchemaConst,
  type SchemaEnum,
  type SchemaField,
  type SchemaModel,
  type SchemaNode,
  type SchemaPackage,
  type SchemaPacket,
  type SchemaStruct,
  tsFileName,
  tsName,
} from '../../src/index.ts'

/** What to leave out of generated models. */
export interface ModelShape {
  /** Enums, whose types do not hold every value that the wire does; default true. */
  readonly enums?: boolean
  /** Things that Go sources cannot say: default true. */
  readonly beyondGo?: boolean
}

/** Names that a module needs itself, that JavaScript has taken, that clash when they are folded, and harmless ones. */
const STRUCT_NAMES =
  'Row Date Box Types StoreDef ReadonlyMap Uint8Array DynamicValue Record Readonly Pot PotBox object structs ReadonlySet AVeryLongNameOfAStructThatLeavesLittleRoomOnItsLine'
const FIELD_NAMES =
  'ID Name URLPath My_F A1 Constructor ToString Then Rows Value Kind AVeryLongNameOfAFieldThatLeavesLittleRoomOnItsLineAndMakesItBreak Ärger Prototype'
const PACKAGES = ['ash', 'bay', 'cove'] as const
const KINDS: readonly PrimitiveKind[] = [
  'bool',
  'string',
  'float32',
  'float64',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
]
const KEYS = ['string', 'bool', 'int8', 'uint16', 'int32', 'int64', 'uint64'] as const

interface Declared {
  readonly pkg: string
  readonly name: string
  readonly flavour: Flavour
  readonly file: string
  readonly generic: boolean
}

interface World {
  readonly structs: readonly Declared[]
  readonly named: readonly { readonly ref: string; readonly kind: PrimitiveKind }[]
  readonly shape: Required<ModelShape>
}

const refOf = ({ pkg, name }: Declared): string => `${pkg}.${name}`

/** Some of `items`, each once. */
function some<T>(items: readonly T[], min: number, max: number): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: min, maxLength: max })
}

/** A type. `byValue` are the structs that may stand by value without recursion. */
function nodeOver(world: World, byValue: readonly Declared[], depth: number): fc.Arbitrary<SchemaNode> {
  const { structs, named, shape } = world
  const key = fc.oneof(
    fc.constantFrom(...KEYS).map((kind): SchemaNode => ({ kind })),
    ...keysOf(named),
  )
  const mark = fc.constantFrom({}, {}, { notNull: true } as const)
  const deep = shape.beyondGo || depth === 2 ? mark : fc.constant({})
  const leaves: fc.Arbitrary<SchemaNode>[] = [
    fc.constantFrom(...KINDS).map((kind): SchemaNode => ({ kind })),
    fc.constantFrom<SchemaNode>({ kind: 'time' }, { kind: 'any' }, { kind: 'array', elem: { kind: 'uint8' } }),
    fc.tuple(key, deep).map(([k, m]): SchemaNode => ({ kind: 'set', key: k, ...m })),
  ]
  if (named.length > 0)
    leaves.push(fc.constantFrom(...named).map(({ ref, kind }): SchemaNode => ({ kind, named: ref })))
  const plain = byValue.filter(({ generic }) => !generic)
  if (plain.length > 0)
    leaves.push(fc.constantFrom(...plain).map((to): SchemaNode => ({ kind: 'struct', ref: refOf(to) })))
  const behind = structs.filter(({ generic }) => !generic)
  if (behind.length > 0)
    leaves.push(
      fc
        .constantFrom(...behind)
        .map((to): SchemaNode => ({ kind: 'pointer', elem: { kind: 'struct', ref: refOf(to) } })),
    )
  if (depth === 0) return fc.oneof(...leaves)
  const inner = nodeOver(world, byValue, depth - 1)
  const generics = structs.filter(({ generic }) => generic)
  const compound: fc.Arbitrary<SchemaNode>[] = [
    fc.tuple(inner, deep).map(([elem, m]): SchemaNode => ({ kind: 'pointer', elem, ...m })),
    fc.tuple(inner, deep).map(([elem, m]): SchemaNode => ({ kind: 'array', elem, ...m })),
    fc.tuple(key, inner, deep).map(([k, value, m]): SchemaNode => ({ kind: 'map', key: k, value, ...m })),
  ]
  if (generics.length > 0)
    compound.push(
      fc
        .tuple(fc.constantFrom(...generics), key, nodeOver(world, byValue, 0))
        .map(([to, a, b]): SchemaNode => ({ kind: 'struct', ref: refOf(to), args: [a, b] })),
    )
  return fc.oneof({ weight: 4, arbitrary: fc.oneof(...leaves) }, { weight: 3, arbitrary: fc.oneof(...compound) })
}

function keysOf(named: World['named']): fc.Arbitrary<SchemaNode>[] {
  const keys = named.filter(({ kind }) => kind !== 'float32' && kind !== 'float64')
  return keys.length === 0 ? [] : [fc.constantFrom(...keys).map(({ ref, kind }): SchemaNode => ({ kind, named: ref }))]
}

// Folded names that meet (`ID` and `Id`) are refused, so the pool has none.
const fieldNames = (min: number): fc.Arbitrary<string[]> => some(FIELD_NAMES.split(' '), min, 7)

function structOf(world: World, declared: Declared, byValue: readonly Declared[]): fc.Arbitrary<SchemaStruct> {
  const { name, flavour, file, pkg, generic } = declared
  if (generic)
    return fc.constant({
      name,
      flavour: 'flat',
      typeParams: ['A', 'B'],
      file,
      fields: [
        { goName: 'One', tsName: 'one', node: { kind: 'pointer', elem: { kind: 'param', name: 'B' } } },
        { goName: 'Many', tsName: 'many', node: { kind: 'array', elem: { kind: 'param', name: 'B' } } },
        {
          goName: 'Dict',
          tsName: 'dict',
          node: { kind: 'map', key: { kind: 'param', name: 'A' }, value: { kind: 'param', name: 'B' } },
        },
      ],
    })
  const nests = (ref: string): boolean =>
    world.structs.some((one) => refOf(one) === ref && one.pkg === pkg && one.file === file && one.flavour === 'partial')
  const nodes = fc.array(nodeOver(world, byValue, 2), { minLength: 7, maxLength: 7 })
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: 7, maxLength: 7 })
  return fc.tuple(fieldNames(1), nodes, ids, fc.nat(20)).map(([names, types, numbers, more]) => {
    const fields = names.map((goName, at): SchemaField => {
      const node = types[at] as SchemaNode
      const field = { goName, tsName: tsName(goName), node, extra: { doc: `${goName} ends */ here.` } }
      if (flavour === 'flat') return field
      const id = numbers[at] as number
      return { ...field, id, ...(flavour === 'partial' ? { partial: partialShape(node, nests) } : {}) }
    })
    const highest = Math.max(...fields.map(({ id = 0 }) => id))
    return {
      name,
      flavour,
      file,
      ...(flavour === 'flat' ? {} : { maxFieldID: Math.min(255, highest + more) }),
      fields,
    }
  })
}

function enumOf(name: string): fc.Arbitrary<SchemaEnum> {
  const kinds = fc.constantFrom<PrimitiveKind>('string', 'uint8', 'int16', 'int64')
  const members = some(['Off', 'On', '0', 'Class', 'Default', 'Proto', 'Very long'], 1, 5)
  return fc.tuple(kinds, members, fc.nat(90)).map(([kind, names, from]) => ({
    name,
    kind,
    members: names.map((member, at): EnumMember => {
      const value: ConstValue = kind === 'string' ? `${from + at} "it's"` : from + at
      const spelled = member.replace(' ', '_')
      return { name: /^\d/.test(spelled) ? `${name}${spelled}` : spelled, goName: `${name}${spelled}`, value }
    }),
  }))
}

const constValue: fc.Arbitrary<ConstValue> = fc.oneof(
  fc.boolean(),
  fc.maxSafeInteger().map((value) => value + 0),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value))),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.toWellFormed()),
  fc.string({ maxLength: 130 }),
  fc.bigInt({ min: 1n << 53n, max: 1n << 64n }).map((value) => ({ $int: String(value) })),
)

function constsOf(signed: boolean, names: readonly string[]): fc.Arbitrary<SchemaConst[]> {
  return fc
    .array(signed ? constValue : constValue.filter((value) => !(typeof value === 'number' && value < 0)), {
      minLength: names.length,
      maxLength: names.length,
    })
    .map((values) => names.map((name, at) => ({ name, value: values[at] as ConstValue, origin: 'const' })))
}

function packageOf(whole: World, pkg: string): fc.Arbitrary<SchemaPackage> {
  // Go packages do not import each other in circles.
  const world: World = whole.shape.beyondGo
    ? whole
    : {
        ...whole,
        structs: whole.structs.filter((one) => one.pkg <= pkg),
        named: whole.named.filter(({ ref }) => ref < `${pkg}/`),
      }
  const own = world.structs.filter((one) => one.pkg === pkg)
  const structs = own.map((one) => structOf(world, one, world.structs.slice(0, world.structs.indexOf(one))))
  const enums = world.shape.enums ? ['Phase', 'Mode'].map(enumOf) : []
  const args = fc.tuple(fieldNames(0), fc.array(nodeOver(world, world.structs, 1), { minLength: 8, maxLength: 8 }))
  const states = world.structs.filter(({ flavour, pkg: home }) => flavour === 'partial' && home === pkg)
  return fc
    .tuple(
      fc.tuple(...structs),
      fc.tuple(...enums),
      args,
      fc.nat(255),
      constsOf(
        world.shape.beyondGo,
        world.shape.beyondGo ? ['class', 'Limit', 'types', 'HouseAdd'] : ['Limit', 'Motto'],
      ),
    )
    .map(([defs, types, [names, nodes], access, consts]) => {
      const fields = names.map((goName, at): SchemaField => ({
        goName,
        tsName: tsName(goName),
        node: nodes[at] as SchemaNode,
      }))
      const result = nodes[7] as SchemaNode
      const response = [
        { goName: 'Result', tsName: 'result', node: result },
        { goName: 'Error', tsName: 'error', node: { kind: 'pointer', elem: { kind: 'string' } } },
      ] as const
      const packet = (name: string, role: SchemaPacket['packet'], of: readonly SchemaField[]): SchemaPacket => ({
        name,
        flavour: 'flat',
        packet: role,
        fields: of,
      })
      const { beyondGo } = world.shape
      return {
        name: pkg,
        tsFile: tsFileName(pkg),
        enums: types,
        namedTypes: namedIn(pkg),
        consts,
        ignoredConsts: [],
        structs: [...defs].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        packets: [
          packet('HouseAddEvent', 'event', fields),
          packet('HouseAddRequest', 'rpcRequest', fields),
          packet('HouseAddResponse', 'rpcResponse', response),
        ],
        stores: states.map(({ name, pkg: home }, at) => ({
          goStruct: beyondGo ? name : `${name}Store`,
          name: `${pkg} store ${at}`,
          type: 'DeviceWithRelay',
          minimumAccess: access,
          state: `${home}.${name}`,
        })),
        rpcs: [
          {
            name: 'House.Add',
            access,
            context: false,
            request: `${pkg}.HouseAddRequest`,
            response: `${pkg}.HouseAddResponse`,
            result,
          },
        ],
        ffrpcs: [],
        events: [{ name: 'House.Add', packet: `${pkg}.HouseAddEvent` }],
        keyedEvents: [],
        ...(beyondGo && states.length > 0 ? { streams: streamsIn(pkg) } : {}),
      }
    })
}

/** Streams whose names meet those of calls, of stores and of each other. */
const streamsIn = (pkg: string) =>
  ['House.Add', 'Camera.Video', pkg].flatMap((name) => [0, 1].map((at) => ({ name, store: `${pkg} store ${at}` })))

const namedIn = (pkg: string) => [
  { name: `Slot_${pkg}`, kind: 'uint16' as const },
  { name: 'Serial', kind: 'uint64' as const },
]

/** A model of up to three packages that refer to each other in every direction, in circles too. */
export function schemaModel(given: ModelShape = {}): fc.Arbitrary<SchemaModel> {
  const shape = { enums: true, beyondGo: true, ...given }
  const flavours = fc.constantFrom<Flavour>('flat', 'fielded', 'partial')
  const structNames = STRUCT_NAMES.split(' ').filter((name) => shape.beyondGo || /^[A-Z]/.test(name))
  const declaredIn = (pkg: string): fc.Arbitrary<Declared[]> =>
    some(structNames, 1, 4).chain((names) =>
      fc.tuple(...names.map(() => fc.tuple(flavours, fc.constantFrom('a.go', 'b.go'), fc.nat(5)))).map((rows) =>
        rows.map(([flavour, file, dice], at): Declared => {
          const generic = dice === 0
          return { pkg, name: names[at] as string, file, generic, flavour: generic ? 'flat' : flavour }
        }),
      ),
    )
  return some(PACKAGES, 1, 3).chain((packages) =>
    fc
      .tuple(...packages.map(declaredIn))
      .map((lists) => lists.flat().toSorted((a, b) => (a.pkg < b.pkg ? -1 : a.pkg > b.pkg ? 1 : 0)))
      .filter((structs) => structs.some(({ generic }) => !generic))
      .chain((structs) => {
        const named = packages.flatMap((pkg) => namedIn(pkg).map(({ name, kind }) => ({ ref: `${pkg}.${name}`, kind })))
        const world: World = { structs, named, shape }
        return fc.tuple(...packages.map((pkg) => packageOf(world, pkg))).map((list): SchemaModel => ({
          format: 'restream-schema/1',
          packages: [...list].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        }))
      }),
  )
}
