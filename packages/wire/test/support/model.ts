import { readFileSync } from 'node:fs'
import type { FieldDef, StructDef, TypeNode, Types } from '../../src/index.ts'
import { instanceName, type Neutral, type NeutralNode, neutralNode } from './neutral.ts'

interface SchemaField {
  readonly goName: string
  readonly tsName: string
  readonly id?: number
  readonly node: NeutralNode
  readonly partial?: {
    readonly helper: string
    readonly key?: NeutralNode
    readonly value?: NeutralNode
    readonly sub?: string
  }
}

interface SchemaStruct {
  readonly name: string
  readonly flavour: 'flat' | 'fielded' | 'partial'
  readonly typeParams?: readonly string[]
  readonly fields: readonly SchemaField[]
}

interface SchemaPackage {
  readonly name: string
  readonly structs: readonly SchemaStruct[]
  readonly packets: readonly SchemaStruct[]
}

const root = new URL('../../../../vectors/restream/', import.meta.url)

/** One of the golden files, parsed. */
export function vectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, root), 'utf8'))
}

/** A value in bytes; `canonical` when a writer must emit exactly `hex`, else `shortHex` is what it emits, where that is certain. */
export interface ValueVector {
  readonly type: string
  readonly value: Neutral
  readonly hex: string
  readonly canonical: boolean
  readonly shortHex?: string
  readonly note?: string
}

/** The golden values. */
export const { values } = vectors('values.json') as { readonly values: readonly ValueVector[] }

/** Whether it is certain what a writer emits. */
export function isWritable(v: ValueVector): boolean {
  return v.canonical || v.shortHex !== undefined
}

/** The schema of the golden model, as its generator describes it. */
export const schema = vectors('schema.json') as { readonly packages: readonly SchemaPackage[] }

/** The golden model as descriptors, with 64-bit integers read as bigints (exact) or checked numbers. */
export function modelTypes(wide: 'number' | 'bigint'): Types {
  const table: Record<string, StructDef> = {}
  const generics = new Map<string, SchemaStruct>()
  const wanted = new Map<string, NeutralNode>()
  const collect = (n: NeutralNode): void => {
    if (n.args !== undefined) wanted.set(instanceName(n), n)
    for (const part of [n.elem, n.key, n.value, ...(n.args ?? [])]) if (part !== undefined) collect(part)
  }
  for (const pkg of schema.packages) {
    for (const s of [...pkg.structs, ...pkg.packets]) {
      if (s.typeParams !== undefined) generics.set(`${pkg.name}.${s.name}`, s)
      else table[`${pkg.name}.${s.name}`] = structDef(s, wide, {})
      for (const f of s.fields) if (s.typeParams === undefined) collect(f.node)
    }
  }
  for (const [name, n] of wanted) {
    const s = generics.get(n.ref as string) as SchemaStruct
    const params = Object.fromEntries(
      (s.typeParams as string[]).map((p, i) => [p, (n.args as NeutralNode[])[i] as NeutralNode]),
    )
    table[name] = structDef(s, wide, params)
  }
  return [table]
}

function structDef(
  s: SchemaStruct,
  wide: 'number' | 'bigint',
  params: Readonly<Record<string, NeutralNode>>,
): StructDef {
  return { form: s.flavour, fields: s.fields.map((f) => fieldDef(f, wide, params)) }
}

const MODS = new Set(['value', 'modArray', 'modMap'])

function fieldDef(f: SchemaField, wide: 'number' | 'bigint', params: Readonly<Record<string, NeutralNode>>): FieldDef {
  return {
    name: f.tsName,
    wire: f.goName,
    ...(f.id === undefined ? {} : { id: f.id }),
    type: neutralNode(f.node, wide, params),
    ...(f.partial !== undefined && MODS.has(f.partial.helper) ? { mod: true } : {}),
  }
}

/** The node of a struct of the model. */
export function structNode(ref: string): TypeNode {
  return { kind: 'struct', ref }
}
