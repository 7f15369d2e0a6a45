import { canBeNull, RivuletError } from '@rivulet/wire'
import type { SchemaNode } from '../../model/schema-node.ts'
import { orNull, ref, type TypeText, word } from '../print/type-doc.ts'
import { tableRef } from './instances.ts'
import { type FieldReading, readsBigint, readsMillis } from './reading.ts'
import { wireNode } from './wire-node.ts'

/** How one module spells what is declared elsewhere. */
export interface Spelling {
  /** A type that every program has, `ReadonlyMap` for one. */
  readonly global: (name: string) => string
  /** A type of the wire package. */
  readonly wire: (name: string) => string
  /** A struct, by its name in the tables and the struct it is declared as. */
  readonly struct: (ref: string, declaredAs: string) => string
  /** An enum or named primitive; undefined when the model does not have it, or when it is read otherwise than `bigint` says. */
  readonly named: (ref: string, bigint: boolean) => string | undefined
}

/** The TypeScript type of a value: what the wire package decodes for the node, readonly throughout. */
export function typeText(node: SchemaNode, reading: FieldReading, spelling: Spelling): TypeText {
  const sub = (part: SchemaNode): TypeText => typeText(part, reading, spelling)
  const nullable = (type: TypeText): TypeText => ('notNull' in node && node.notNull ? type : orNull(type))
  switch (node.kind) {
    case 'bool':
      return primitive(node.named, 'boolean', false, spelling)
    case 'string':
      return primitive(node.named, 'string', false, spelling)
    case 'int64':
    case 'uint64': {
      const bigint = readsBigint(reading, node.extra)
      return primitive(node.named, bigint ? 'bigint' : 'number', bigint, spelling)
    }
    case 'time':
      return readsMillis(reading, node.extra) ? word('number') : ref(spelling.global('Date'))
    case 'any':
      return orNull(ref(spelling.wire('DynamicValue')))
    case 'pointer': {
      if (node.notNull === true) return sub(node.elem)
      const boxed = canBeNull(wireNode(node.elem, reading))
      return orNull(boxed ? ref(spelling.wire('Box'), sub(node.elem)) : sub(node.elem))
    }
    case 'array':
      if (node.elem.kind === 'uint8') return nullable(ref(spelling.global('Uint8Array')))
      return nullable({ kind: 'list', elem: sub(node.elem) })
    case 'map':
      return nullable(ref(spelling.global('ReadonlyMap'), sub(node.key), sub(node.value)))
    case 'set':
      return nullable(ref(spelling.global('ReadonlySet'), sub(node.key)))
    case 'struct':
      return ref(spelling.struct(tableRef(node), node.ref))
    case 'param':
      throw new RivuletError('schema', `${node.name} is a type parameter outside a generic struct`)
    default:
      return primitive(node.named, 'number', false, spelling)
  }
}

function primitive(named: string | undefined, plain: string, bigint: boolean, spelling: Spelling): TypeText {
  const name = named === undefined ? undefined : spelling.named(named, bigint)
  return name === undefined ? word(plain) : ref(name)
}
