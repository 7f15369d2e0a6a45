import { minEntryOf, minSizeOf } from '../compile-decoder.ts'
import { enterDynamic } from '../decode-dynamic.ts'
import { readDescriptor } from '../dynamic.ts'
import { enter } from '../reader.ts'
import type { FieldDef, TypeNode } from '../schema.ts'
import { structOf, wireNameOf } from '../struct-table.ts'
import { describeType } from './describe-type.ts'
import { below, note, NULL_FLAG, type Walk, walkCount, walkFlag } from './walk.ts'
import { walkEntries } from './walk-entries.ts'
import { walkKey, walkSimple } from './walk-simple.ts'

/** Walks over one value of type `node`, as the decoder reads it. */
export function walkValue(walk: Walk, node: TypeNode, path: string): void {
  switch (node.kind) {
    case 'any':
      return walkDynamic(walk, path)
    case 'struct':
      return walkStruct(walk, node.ref, path)
    case 'pointer':
    case 'array':
    case 'map':
    case 'set':
    case 'bytes':
      if (node.notNull !== true && walkFlag(walk, path, NULL_FLAG)) return
      return walkInside(walk, node, path)
    default:
      walkSimple(walk, node, path)
  }
}

type Container = Extract<TypeNode, { kind: 'pointer' | 'array' | 'map' | 'set' | 'bytes' }>

/** What is behind the null flag. */
function walkInside(walk: Walk, node: Container, path: string): void {
  const least = (part: TypeNode): number => minSizeOf(walk.types, part)
  switch (node.kind) {
    case 'pointer':
      return walkValue(walk, node.elem, path)
    case 'bytes':
      walkSimple(walk, node, path)
      return
    case 'array': {
      const count = walkCount(walk, path, least(node.elem), 'number of elements')
      for (let i = 0; i < count; i++) walkValue(walk, node.elem, below(path, i))
      return
    }
    case 'map': {
      const count = walkCount(walk, path, minEntryOf(walk.types, node.key, node.value), 'number of entries')
      for (let i = 0; i < count; i++) walkValue(walk, node.value, below(path, walkKey(walk, node.key, path)))
      return
    }
    default: {
      const count = walkCount(walk, path, least(node.key), 'number of keys')
      for (let i = 0; i < count; i++) walkKey(walk, node.key, path)
    }
  }
}

function walkStruct(walk: Walk, ref: string, path: string): void {
  const def = structOf(walk.types, ref)
  if (def.form === 'flat') {
    enter(walk.r)
    for (const field of def.fields) walkValue(walk, field.type, `${path}.${field.name}`)
    walk.r.depth--
    return
  }
  const byId = new Map(def.fields.map((field) => [field.id as number, field]))
  walkEntries(walk, path, ref, {
    find: (id): FieldDef | undefined => byId.get(id),
    nameOf: wireNameOf,
    pathOf: (field) => `${path}.${field.name}`,
    walk: (field, at) => walkValue(walk, field.type, at),
  })
}

/** An `any`: its type, then the value, in which nothing is marked not-null (wire.md §8). */
function walkDynamic(walk: Walk, path: string): void {
  const { r } = walk
  enterDynamic(r)
  const start = r.pos
  const type = readDescriptor(r)
  note(walk, start, path, 'type of the value', describeType(type))
  walkDynamicValue(walk, type, path)
  r.dynamicDepth--
}

function walkDynamicValue(walk: Walk, type: TypeNode, path: string): void {
  switch (type.kind) {
    case 'pointer':
    case 'array':
    case 'map':
    case 'set': {
      if (walkFlag(walk, path, NULL_FLAG)) return
      enterDynamic(walk.r)
      walkDynamicInside(walk, type, path)
      walk.r.dynamicDepth--
      return
    }
    case 'any':
      return walkDynamic(walk, path)
    default:
      walkValue(walk, type, path)
  }
}

function walkDynamicInside(walk: Walk, type: Exclude<Container, { kind: 'bytes' }>, path: string): void {
  switch (type.kind) {
    case 'pointer':
      return walkDynamicValue(walk, type.elem, path)
    case 'array': {
      const count = walkCount(walk, path, 1, 'number of elements')
      for (let i = 0; i < count; i++) walkDynamicValue(walk, type.elem, below(path, i))
      return
    }
    case 'map': {
      const count = walkCount(walk, path, 2, 'number of entries')
      for (let i = 0; i < count; i++) walkDynamicValue(walk, type.value, below(path, walkKey(walk, type.key, path)))
      return
    }
    default: {
      const count = walkCount(walk, path, 1, 'number of keys')
      for (let i = 0; i < count; i++) walkKey(walk, type.key, path)
    }
  }
}
