import { encodeValue, isRivuletError, type Path, type PathPart, type TypeNode } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PathChange } from '../../src/patch.ts'
import { childNode, childValue, typeAt } from '../../src/page/schema-walk.ts'
import { structNode } from '../../src/page/struct-node.ts'
import { putChanges, putMissing, putValue } from '../../src/page/fill-slot.ts'
import { readSlot } from '../../src/page/read-slot.ts'
import { createSlot } from '../../src/page/value-slot.ts'
import { walk } from '../support/fake-engine.ts'
import { type Boat, type Fleet, FleetStore, makeFleet, types } from '../support/fleet.ts'

const root = structNode(types, 'fleet.Fleet')

const name = fc.constantFrom('a', 'b', 'c', 'd')
const num = fc.integer({ min: -5, max: 5 })
const at = fc.record({ lat: num, lon: num })
const crew = fc.option(fc.array(fc.tuple(name, num), { maxLength: 3 }).map((entries) => new Map(entries)))
const boat: fc.Arbitrary<Boat> = fc.record({ name, at, crew })
const boats = fc.array(fc.tuple(name, boat), { maxLength: 4 }).map((entries) => new Map(entries))

interface Edit {
  readonly path: Path
  /** `undefined` removes. */
  readonly value: unknown
}

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ path: fc.constant<Path>(['title']), value: name }),
  fc.record({ path: fc.constant<Path>(['at', 'lat']), value: num }),
  fc.record({ path: fc.constant<Path>(['at']), value: at }),
  fc.record({ path: fc.constant<Path>(['flagship']), value: fc.option(boat) }),
  fc.record({ path: fc.constant<Path>(['flagship', 'name']), value: name }),
  fc.record({ path: fc.constant<Path>(['boats']), value: fc.option(boats) }),
  fc.record({ path: name.map((k): Path => ['boats', k]), value: fc.option(boat, { nil: undefined }) }),
  fc.record({ path: name.map((k): Path => ['boats', k, 'at', 'lon']), value: num }),
  fc.record({
    path: fc.tuple(name, name).map(([k, c]): Path => ['boats', k, 'crew', c]),
    value: fc.option(num, { nil: undefined }),
  }),
  fc.record({ path: num.map((k): Path => ['berths', k]), value: fc.option(name, { nil: undefined }) }),
  fc.record({ path: fc.nat(4).map((i): Path => ['queue', i]), value: boat }),
  fc.record({ path: fc.nat(4).map((i): Path => ['queue', i, 'name']), value: name }),
  fc.record({ path: fc.nat(4).map((i): Path => ['marks', i]), value: fc.option(num, { nil: undefined }) }),
  fc.record({ path: fc.constant<Path>(['tags']), value: fc.array(name).map((t) => new Set(t)) }),
  fc.record({ path: fc.constant<Path>(['note']), value: fc.option(fc.record({ value: fc.option(name) })) }),
)

const watchPath = fc.constantFrom<Path>(
  [],
  ['title'],
  ['at'],
  ['flagship'],
  ['flagship', 'name'],
  ['boats'],
  ['boats', 'a'],
  ['boats', 'b', 'crew'],
  ['berths'],
  ['berths', 1],
  ['queue'],
  ['queue', 1],
  ['marks'],
  ['tags'],
  ['note'],
)

/** The plain model: the state after an edit, freshly made along the way, or null when the edit does not apply to this state. */
function edited(node: TypeNode, value: unknown, path: Path, next: unknown): { readonly value: unknown } | null {
  if (path.length === 0) return { value: next }
  if (value === null || value === undefined) return null
  const [part, ...rest] = path as [PathPart, ...PathPart[]]
  const type = childNode(types, node, part)
  if (type === undefined) return null
  const removing = next === undefined && rest.length === 0
  if (value instanceof Map) {
    const out = new Map<unknown, unknown>(value)
    if (removing) return out.delete(part) ? { value: out } : null
    if (rest.length > 0 && !out.has(part)) return null
    const inner = edited(type, out.get(part), rest, next)
    return inner === null ? null : { value: out.set(part, inner.value) }
  }
  if (Array.isArray(value)) {
    const index = part as number
    if (removing) return index < value.length ? { value: value.slice(0, index) } : null
    if (index > value.length || (rest.length > 0 && index === value.length)) return null
    const inner = edited(type, value[index], rest, next)
    return inner === null ? null : { value: value.toSpliced(index, 1, inner.value) }
  }
  const inner = edited(type, (value as Record<string, unknown>)[part as string], rest, next)
  return inner === null ? null : { value: { ...value, [part as string]: inner.value } }
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((part, i) => path[i] === part)
}

/** The containers that no edit has touched and that are not the very same objects as before. */
function unshared(node: TypeNode, before: unknown, after: unknown, here: Path, edits: readonly Path[]): Path[] {
  if (typeof before !== 'object' || before === null || after === null || typeof after !== 'object') return []
  if (!edits.some((path) => startsWith(path, here) || startsWith(here, path)))
    return Object.is(after, before) ? [] : [here]
  const keys =
    before instanceof Map ? [...before.keys()] : Array.isArray(before) ? [...before.keys()] : Object.keys(before)
  return keys.flatMap((key) => {
    const part = key as PathPart
    const child = childNode(types, node, part)
    if (child === undefined) return []
    return unshared(child, childValue(node, before, part), childValue(node, after, part), [...here, part], edits)
  })
}

function attempt(run: () => unknown): { readonly error?: unknown } {
  try {
    run()
    return {}
  } catch (error) {
    return { error }
  }
}

describe('a followed path', () => {
  test('reads as the model does, after any patches, read at any time, and shares what did not change', () => {
    fc.assert(
      fc.property(
        watchPath,
        fc.array(fc.tuple(fc.array(edit, { maxLength: 5 }), fc.boolean()), { maxLength: 8 }),
        (path, patches) => {
          const slot = createSlot()
          const type = typeAt(FleetStore, root, path)
          let state: Fleet = makeFleet()
          const encode = (p: Path, value: unknown): Uint8Array => encodeValue(types, typeAt(FleetStore, root, p), value)
          const whole = (): void => {
            const value = walk(FleetStore, state, path)
            if (value === undefined) putMissing(slot)
            else putValue(slot, encode(path, value))
          }
          whole()
          let last = readSlot(slot, types, type)
          let held: unknown = structuredClone(last)
          let since: Path[] = []
          for (const [edits, read] of patches) {
            const parts: PathChange[] = []
            let replaced = false
            for (const { path: target, value } of edits) {
              const before = walk(FleetStore, state, path)
              const made = edited(root, state, target, value)
              if (made === null) continue
              state = made.value as Fleet
              // What another path brings is no news here.
              if (!startsWith(target, path) && !startsWith(path, target)) continue
              since.push(target)
              if (target.length <= path.length || before === undefined || before === null) replaced = true
              else
                parts.push({
                  path: target.slice(path.length),
                  bytes: value === undefined ? null : encode(target, value),
                })
            }
            if (replaced) whole()
            else if (parts.length > 0) putChanges(slot, parts)
            if (!read) continue
            const now = readSlot(slot, types, type)
            // Whoever holds the old value must not see it change.
            expect(last).toEqual(held)
            expect(now).toEqual(walk(FleetStore, state, path))
            expect(unshared(type, last, now, path, since)).toEqual([])
            expect(readSlot(slot, types, type)).toBe(now)
            last = now
            held = structuredClone(now)
            since = []
          }
          expect(readSlot(slot, types, type)).toEqual(walk(FleetStore, state, path))
        },
      ),
      { numRuns: 400 },
    )
  })

  test('damaged bytes never break it: a value or a typed error, and the last good value stays', () => {
    const good = encodeValue(types, root, makeFleet())
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), (index, byte) => {
        const slot = createSlot()
        putValue(slot, good)
        const before = readSlot(slot, types, root)
        const bad = good.slice()
        bad[index] = byte
        putValue(slot, bad)
        const { error } = attempt(() => readSlot(slot, types, root))
        expect(error === undefined || isRivuletError(error)).toBe(true)
        expect(error === undefined || readSlot(slot, types, root) === before).toBe(true)
      }),
    )
  })
})
