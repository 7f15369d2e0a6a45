import { type FieldDef, type KeyNode, RivuletError, type StructDef, type TypeNode } from '@rivulet/wire'
import type { Flavour, SchemaNode } from '../../model/schema-node.ts'
import type { SchemaField } from '../../model/schema-model.ts'
import { upperFirst } from '../../model/ts-name.ts'
import { fieldName } from '../model-index.ts'
import { tableRef } from './instances.ts'
import { type FieldReading, readsBigint, readsMillis, type Readings } from './reading.ts'

/** A node of the model as the descriptors have it. Names of enums and named primitives stay in the schema file, where tools find them. */
export function wireNode(node: SchemaNode, reading: FieldReading): TypeNode {
  const mark = 'notNull' in node && node.notNull ? { notNull: true } : {}
  switch (node.kind) {
    case 'pointer':
      return { kind: 'pointer', elem: wireNode(node.elem, reading), ...mark }
    case 'array':
      if (node.elem.kind === 'uint8') return { kind: 'bytes', ...mark }
      return { kind: 'array', elem: wireNode(node.elem, reading), ...mark }
    case 'map':
      return { kind: 'map', key: keyNode(node.key, reading), value: wireNode(node.value, reading), ...mark }
    case 'set':
      return { kind: 'set', key: keyNode(node.key, reading), ...mark }
    case 'struct':
      return { kind: 'struct', ref: tableRef(node) }
    case 'int64':
    case 'uint64':
      return readsBigint(reading, node.extra) ? { kind: node.kind, as: 'bigint' } : { kind: node.kind }
    case 'time':
      return readsMillis(reading, node.extra) ? { kind: 'time', as: 'millis' } : { kind: 'time' }
    case 'param':
      throw new RivuletError('schema', `${node.name} is a type parameter outside a generic struct`)
    default:
      return { kind: node.kind }
  }
}

function keyNode(node: SchemaNode, reading: FieldReading): KeyNode {
  const key = wireNode(node, reading)
  // What cannot be a key is refused by name when the whole table is checked.
  return key as KeyNode
}

const NESTING = new Set(['value', 'modArray', 'modMap'])

/** A struct of the model as the descriptors have it; `ref` is its name in the model, under which options know its fields. */
export function structDef(form: Flavour, fields: readonly SchemaField[], ref: string, readings: Readings): StructDef {
  return { form, fields: fields.map((field) => fieldDef(field, readings.field(fieldName(ref, field)))) }
}

function fieldDef(field: SchemaField, reading: FieldReading): FieldDef {
  const { goName, tsName, id, node, partial } = field
  return {
    name: tsName,
    ...(goName === upperFirst(tsName) ? {} : { wire: goName }),
    ...(id === undefined ? {} : { id }),
    type: wireNode(node, reading),
    ...(partial !== undefined && NESTING.has(partial.helper) ? { mod: true } : {}),
  }
}
