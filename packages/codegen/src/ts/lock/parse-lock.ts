import { type Expression, parseSync } from 'oxc-parser'
import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import { placesIn, type Spot } from '../syntax/ts-file.ts'
import { type Lock, LOCK_FORMAT, type LockedField, type LockedStruct, type RetiredField } from './lock-file.ts'

/** Thrown within this module only, where something is not as it must be. */
class Unreadable extends Error {
  readonly at: number
  readonly hint: string
  constructor(at: number, message: string, hint: string) {
    super(message)
    this.at = at
    this.hint = hint
  }
}

const RESTORE = 'Restore the file from the last commit; it is written by the generator.'
const MERGE =
  'Two branches changed it: keep the ids of the one that others use, delete the lines of the other, and generate again.'

/**
 * Reads a lock file. What is wrong with it, such as an id that was given twice on two branches, is in `diagnostics`, and the result undefined:
 * ids are never guessed.
 */
export function parseLock(path: string, text: string, diagnostics: Diagnostics): Lock | undefined {
  const placeAt = placesIn(path, text)
  try {
    return readLock(text)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    diagnostics.error('lock', placeAt(error.at), error.message, error.hint)
    return undefined
  }
}

function readLock(text: string): Lock {
  const marker = /^(?:<{7}|={7}|>{7}|\|{7})/m.exec(text)
  if (marker !== null) throw new Unreadable(marker.index, 'the lock file has the marks of a merge conflict', MERGE)
  // The parser of TypeScript gives every part its place, and names that are there twice; one character stands in front.
  const { program, errors } = parseSync('lock.ts', `(${text}\n)`, { lang: 'ts' })
  const [first] = errors
  if (first !== undefined) {
    const at = Math.min(Math.max((first.labels[0]?.start ?? 1) - 1, 0), text.length)
    throw new Unreadable(at, 'the lock file is no JSON', RESTORE)
  }
  const [statement] = program.body
  if (statement?.type !== 'ExpressionStatement') throw new Unreadable(0, 'the lock file is empty', RESTORE)
  const { expression } = statement
  const root = members(expression.type === 'ParenthesizedExpression' ? expression.expression : expression)
  const format = root.get('format')
  if (format === undefined || string(format) !== LOCK_FORMAT) {
    const message = `the lock file has another format than ${LOCK_FORMAT}`
    throw new Unreadable(format === undefined ? 0 : offset(format), message, 'Use the generator that wrote it.')
  }
  return new Map([...members(part(root, 'structs', expression))].map(([name, node]) => [name, readStruct(name, node)]))
}

function readStruct(name: string, node: Expression): LockedStruct {
  const parts = members(node)
  const next = idOf(part(parts, 'next', node), 256)
  const owners = new Map<number, string>()
  const take = (id: number, field: string, at: Spot): void => {
    const other = owners.get(id)
    owners.set(id, field)
    if (other !== undefined)
      throw new Unreadable(offset(at), `${name}.${field} and ${name}.${other} both have the id ${id}`, MERGE)
    if (id >= next)
      throw new Unreadable(offset(at), `${name}.${field} has the id ${id}, and the next would be ${next}`, MERGE)
  }
  const fields = [...members(part(parts, 'fields', node))].map(([field, value]): [string, LockedField] => {
    const own = members(value)
    const id = part(own, 'id', value)
    const locked = { id: idOf(id), type: string(part(own, 'type', value)) }
    take(locked.id, field, id)
    return [field, locked]
  })
  const retired = elements(part(parts, 'retired', node)).map((value): RetiredField => {
    const own = members(value)
    const id = part(own, 'id', value)
    const gone = { id: idOf(id), name: string(part(own, 'name', value)), type: string(part(own, 'type', value)) }
    take(gone.id, gone.name, id)
    return gone
  })
  return { next, fields: new Map(fields), retired }
}

const offset = ({ start }: Spot): number => start - 1

function members(node: Expression): ReadonlyMap<string, Expression> {
  if (node.type !== 'ObjectExpression') throw new Unreadable(offset(node), 'an object is expected here', RESTORE)
  const found = new Map<string, Expression>()
  for (const property of node.properties) {
    const key = property.type === 'Property' ? property.key : undefined
    if (property.type !== 'Property' || key?.type !== 'Literal' || typeof key.value !== 'string')
      throw new Unreadable(offset(property), 'the lock file is no JSON', RESTORE)
    if (found.has(key.value)) throw new Unreadable(offset(key), `"${key.value}" is there twice`, MERGE)
    found.set(key.value, property.value)
  }
  return found
}

function part(parts: ReadonlyMap<string, Expression>, name: string, owner: Spot): Expression {
  const found = parts.get(name)
  if (found === undefined) throw new Unreadable(offset(owner), `"${name}" is missing`, RESTORE)
  return found
}

function elements(node: Expression): readonly Expression[] {
  if (node.type !== 'ArrayExpression') throw new Unreadable(offset(node), 'a list is expected here', RESTORE)
  return node.elements.map((element) => {
    if (element === null || element.type === 'SpreadElement')
      throw new Unreadable(offset(element ?? node), 'the lock file is no JSON', RESTORE)
    return element
  })
}

function string(node: Expression): string {
  if (node.type !== 'Literal' || typeof node.value !== 'string')
    throw new Unreadable(offset(node), 'a string is expected here', RESTORE)
  return node.value
}

function idOf(node: Expression, highest = 255): number {
  const value = node.type === 'Literal' ? node.value : undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= highest) return value
  throw new Unreadable(offset(node), `a number from 1 to ${highest} is expected here`, RESTORE)
}
