import { isDeepStrictEqual } from 'node:util'
import { decodeValue, encodeValue, isRivuletError, structOf, type TypeNode, type Types } from '@rivulet/wire'
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

/** `value` without the fields that the other schema does not have, and what is in them. */
function common(types: Types, other: Types, node: TypeNode, value: unknown): unknown {
  if (value === null) return null
  const inside = (elem: TypeNode, part: unknown): unknown => common(types, other, elem, part)
  switch (node.kind) {
    case 'pointer': {
      const boxed = typeof value === 'object' && 'value' in value && !('type' in value)
      return boxed ? { value: inside(node.elem, value.value) } : inside(node.elem, value)
    }
    case 'array':
      return (value as readonly unknown[]).map((part) => inside(node.elem, part))
    case 'map':
      return [...(value as ReadonlyMap<unknown, unknown>)].map(([key, part]) => [digits(key), inside(node.value, part)])
    case 'struct': {
      const theirs = new Set(structOf(other, node.ref).fields.map(({ name }) => name))
      const fields = structOf(types, node.ref).fields.filter(({ name }) => theirs.has(name))
      return Object.fromEntries(
        fields.map(({ name, type }) => [name, inside(type, (value as Record<string, unknown>)[name])]),
      )
    }
    case 'set':
      return new Set([...(value as ReadonlySet<unknown>)].map(digits))
    default:
      return digits(value)
  }
}

/** Integers as text: a wide one is a bigint, a narrow one of the same value is a number. */
const digits = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'bigint' ? `${value}` : value

/** Whether values of `from`'s structs are read by `to` as they were, but for fields that only one of the two has. */
function arrives(from: Types, to: Types, seed: number): boolean {
  return Object.keys(from[0] ?? {}).every((ref) => {
    const node: TypeNode = { kind: 'struct', ref }
    return fc.sample(valueOf(from, node, 2), { numRuns: 3, seed }).every((value) => {
      const bytes = encodeValue(from, node, value)
      const meant = common(from, to, node, decodeValue(from, node, bytes))
      return isDeepStrictEqual(common(to, from, node, decodeValue(to, node, bytes)), meant)
    })
  })
}

const drawn = (steps: fc.Arbitrary<Step>) =>
  fc.record({
    project: projectArbitrary({ withIds: true }),
    steps: fc.array(steps, { minLength: 1, maxLength: 6 }),
    seed: fc.nat(),
  })

const changed = (model: SchemaModel, steps: readonly Step[]): SchemaModel =>
  steps.reduce((all, one, index) => edit(all, (struct) => take(struct, one, `AtStep${index}`)), model)

/** Whether wire takes the schema: a struct can contain itself through a pointer marked not-null, which no value could end. */
function isUsable(model: SchemaModel): boolean {
  const types = tables(model)
  try {
    return Object.keys(types[0] ?? {}).every((ref) => structOf(types, ref).fields.length >= 0)
  } catch (error) {
    if (!isRivuletError(error)) throw error
    return false
  }
}

const tables = (model: SchemaModel): Types => [wireTypes(model, { wide: 'bigint' })]

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

  test('additions are safe, and values travel both ways', async () => {
    let findings = 0
    const additions = step.filter(({ kind }) => kind === 'add' || kind === 'reorder')
    await fc.assert(
      fc.asyncProperty(drawn(additions), async ({ project, steps, seed }) => {
        const before = await modelOf(project.files)
        fc.pre(isUsable(before))
        const after = changed(before, steps)
        const found = compareSchemas(before, after)
        findings += found.length
        expect(found.filter(({ severity }) => severity !== 'safe')).toEqual([])
        expect(arrives(tables(before), tables(after), seed)).toBe(true)
        expect(arrives(tables(after), tables(before), seed)).toBe(true)
      }),
      { numRuns: 60 },
    )
    expect(findings).toBeGreaterThan(20)
  })

  test('after any edits, values travel every way that is not said to break', async () => {
    const seen = { quiet: 0, loud: 0 }
    await fc.assert(
      fc.asyncProperty(drawn(step), async ({ project, steps, seed }) => {
        const before = await modelOf(project.files)
        fc.pre(isUsable(before))
        const after = changed(before, steps)
        const severities = new Set(compareSchemas(before, after).map(({ severity }) => severity))
        const broken = (readers: string): boolean => severities.has('breaks-both') || severities.has(readers as never)
        seen[broken('breaks-new-readers') ? 'loud' : 'quiet'] += 1
        expect(broken('breaks-new-readers') || arrives(tables(before), tables(after), seed)).toBe(true)
        expect(broken('breaks-old-readers') || arrives(tables(after), tables(before), seed)).toBe(true)
      }),
      { numRuns: 120 },
    )
    expect(Math.min(seen.quiet, seen.loud)).toBeGreaterThan(5)
  })
})
