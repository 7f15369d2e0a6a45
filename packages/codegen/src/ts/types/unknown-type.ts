import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import { kindNode, WIRE } from './known-types.ts'

/** What is wrong with a name that nothing declares or imports, and what to write instead. */
export function unknownType(
  text: string,
  owner: string,
): readonly [code: DiagnosticCode, message: string, hint: string] {
  if (kindNode(text) !== undefined || text === 'Box') {
    const hint = `Add "import type { ${text} } from '${WIRE}'".`
    return ['unknown-type', `${owner}: ${text} is not imported`, hint]
  }
  if (text === 'Record') {
    const hint = 'Write ReadonlyMap<K, V>: keys of an object are always strings.'
    return ['unsupported-type', `${owner} is a Record`, hint]
  }
  if (UTILITIES.has(text)) {
    const hint = 'Types are read without calculating them: declare an interface with the fields.'
    return ['unsupported-type', `${owner} is a ${text}`, hint]
  }
  if (TYPED_ARRAYS.test(text)) {
    const hint = 'Write a list, such as readonly float32[]; only Uint8Array is raw bytes.'
    return ['unsupported-type', `${owner} is a ${text}`, hint]
  }
  return ['unknown-type', `${owner}: there is no type ${text}`, 'Declare it, or import it from where it is.']
}

const UTILITIES = new Set(['Partial', 'Required', 'Pick', 'Omit', 'Exclude', 'Extract', 'NonNullable', 'ReturnType'])
const TYPED_ARRAYS = /^(Int8|Int16|Int32|Uint8Clamped|Uint16|Uint32|Float32|Float64|BigInt64|BigUint64)Array$/
