import { decodeValue, encodeValue, type TypeNode, type Types } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { valueOf } from '../../../wire/test/support/arbitrary.ts'
import {
  compareSchemas,
  memoryTree,
  readGo,
  type SchemaField,
  type SchemaModel,
  type SchemaNode,
  type SchemaStruct,
  wireTypes,
} from '../../src/index.ts'
import { projectArbitrary } from '../support/random-project.ts'

async function modelOf(files: Readonly<Record<string, string>>): Promise<SchemaModel> {
  const dirs = [...new Set(Object.keys(files).map((file) => file.split('/')[0]))]
  const tree = memoryTree({
    'go.mod': 'module example.com/random\n',
    'restream.yaml': `inputDirs:\n${dirs.map((dir) => `  - ${dir}\n`).join('')}`,
    ...files,
  })
  return (await readGo(tree)).model
}

const edit = (model: SchemaModel, change: (struct: SchemaStruct, ref: string) => SchemaStruct): SchemaModel => ({
  ...model,
  packages: model.packages.map((pkg) => ({
    ...pkg,
    structs: pkg.structs.map((struct) => change(struct, `${pkg.name}.${struct.name}`)),
  })),
})

const LEAVES: readonly SchemaNode[] = [
  { kind: 'bool' },
  { kind: 'string' },
  { kind: 'uint8' },
  { kind: 'uint32' },
  { kind: 'array', elem: { kind: 'uint16' } },
]

/** What may happen to a struct with ids between two releases. */
type Step = { readonly at: number; readonly node: SchemaNode; readonly kind: 'add' | 'remove' | 'retype' | 'reorder' }

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(),
  node: fc.constantFrom(...LEAVES),
  kind: fc.constantFrom('add', 'remove', 'retype', 'reorder'),
})

function take(struct: SchemaStruct, { at, node, kind }: Step, tag: string): SchemaStruct {
  if (struct.flavour !== 'fielded') return struct
  const index = at % Math.max(1, struct.fields.length)
  const id = (struct.maxFieldID ?? 0) + 1
  const added: SchemaField = { goName: `Extra${tag}`, tsName: `extra${tag}`, id, node }
  switch (kind) {
    case 'add':
      return { ...struct, maxFieldID: id, fields: struct.fields.toSpliced(index, 0, added) }
    case 'remove':
      return { ...struct, fields: struct.fields.toSpliced(index, 1) }
    case 'retype':
      return { ...struct, fields: struct.fields.map((field, i) => (i === index ? { ...field, node } : field)) }
    default:
      return { ...struct, fields: struct.fields.toReversed() }
  }
}

const spell = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'bigint'
        ? String(part)
        : part instanceof Map || part instanceof Set
          ? [...part]
          : part instanceof Uint8Array
            ? ['bytes', ...part]
            : part,
    ) ?? 'null',
  ) as unknown

/** Values of `from`'s structs that `to` reads as they were, but for fields that only one of the two has. */
function expectArrival(from: Types, to: Types, refs: readonly string[], seed: number): void {
  for (const ref of refs) {
    const node: TypeNode = { kind: 'struct', ref }
    for (const value of fc.sample(valueOf(from, node, 2), { numRuns: 3, seed })) {
      const bytes = encodeValue(from, node, value)
      const meant = decodeValue(from, node, bytes)
      expect(onlyCommon(from, to, node, spellStruct(to, node, decodeValue(to, node, bytes)))).toEqual(
        onlyCommon(to, from, node, spellStruct(from, node, meant)),
      )
    }
  }
}

const spellStruct = (_: Types, __: TypeNode, value: unknown): Record<string, unknown> =>
  spell(value) as Record<string, unknown>

// Below the outermost struct, a field that only one side has is zero on the other; comparing common leaves is enough there, too.
function onlyCommon(from: Types, to: Types, _: TypeNode, value: unknown): unknown {
  const extra = new Set(
    [from, to].flatMap((types) => Object.values(types[0] ?? {}).flatMap((def) => def.fields.map(({ name }) => name))),
  )
  const known = (types: Types): Set<string> =>
    new Set(Object.values(types[0] ?? {}).flatMap((def) => def.fields.map(({ name }) => name)))
  const common = known(from).intersection(known(to))
  const strip = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(strip)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(
      Object.entries(part).flatMap(([name, inner]) =>
        extra.has(name) && !common.has(name) ? [] : [[name, strip(inner)] as const],
      ),
    )
  }
  return strip(value)
}

describe('random schemas', () => {
  test('a schema has nothing to report against itself', async () => {
    await fc.assert(
      fc.asyncProperty(projectArbitrary({ withIds: true }), async ({ files }) => {
        const model = await modelOf(files)
        expect(compareSchemas(model, model)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
