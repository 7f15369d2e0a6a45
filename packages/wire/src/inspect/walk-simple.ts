import { type Decode, simpleDecoder } from '../decode-simple.ts'
import { readString } from '../read-string.ts'
import { readLength, readPacked64, readTimeMillis } from '../reader.ts'
import type { KeyNode, PathPart, TypeNode } from '../schema.ts'
import type { AttributedValue } from './attribution.ts'
import { note, type Walk, walkLength } from './walk.ts'

/** Walks over a value without parts. `label` is put in front of what its bytes mean. Returns the value. */
export function walkSimple(walk: Walk, node: TypeNode, path: string, label = ''): AttributedValue {
  const { r } = walk
  const start = r.pos
  if (node.kind === 'string') return walkText(walk, path, label)
  if (node.kind === 'bytes') return walkBytes(walk, path, label)
  const value = readNumber(walk, node)
  const named = 'named' in node && node.named !== undefined ? ` (${node.named})` : ''
  note(walk, start, path, `${label}${node.kind}${named}`, value)
  return value
}

function readNumber({ r }: Walk, node: TypeNode): AttributedValue {
  switch (node.kind) {
    case 'int64':
    case 'uint64':
      return readPacked64(r, node.kind === 'uint64')
    case 'time':
      return new Date(readTimeMillis(r)).toISOString()
    default:
      return (simpleDecoder(node) as Decode)(r) as boolean | number
  }
}

function walkText(walk: Walk, path: string, label: string): string {
  const { r } = walk
  const start = r.pos
  const length = readLength(r)
  note(walk, start, path, length === 0 ? `${label}empty text` : `${label}length of the text`, length)
  const from = r.pos
  r.pos = start
  const text = readString(r)
  note(walk, from, path, `${label}text`, text)
  return text
}

function walkBytes(walk: Walk, path: string, label: string): string {
  const length = walkLength(walk, path, `${label}number of bytes`)
  const { r } = walk
  const from = r.pos
  r.pos += length
  const spelled = r.bytes.subarray(from, Math.min(r.pos, from + walk.maxValue))
  const hex = Array.from(spelled, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const value = spelled.length < length ? `${hex}…` : hex
  note(walk, from, path, `${label}bytes`, value)
  return value
}

/** Walks over a key of the collection at `path`; returns it. */
export function walkKey(walk: Walk, node: KeyNode, path: string, label = 'key: '): PathPart {
  return walkSimple(walk, node, path, label) as PathPart
}
