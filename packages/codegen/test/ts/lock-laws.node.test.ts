import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDiagnostics } from '../../src/index.ts'
import { assignIds, type UnlockedField } from '../../src/ts/lock/assign-ids.ts'
import { formatLock, type Lock } from '../../src/ts/lock/lock-file.ts'
import { parseLock } from '../../src/ts/lock/parse-lock.ts'

const AT = { file: 'a.ts', line: 1, column: 1 }
const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__', 'constructor', 'quo"te')
const types = fc.constantFrom('string', 'int32', 'Leaf | null')

/** One edit of a struct's fields. */
type Edit =
  | { readonly kind: 'add' | 'retype'; readonly name: string; readonly type: string; readonly place: number }
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string; readonly type: string }
  | { readonly kind: 'reverse' }

const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constantFrom('add', 'retype'), name: names, type: types, place: fc.nat(8) }),
  fc.record({ kind: fc.constant('remove'), name: names }),
  fc.record({ kind: fc.constant('rename'), name: names, to: names, type: types }),
  fc.record({ kind: fc.constant('reverse') }),
)

function apply(fields: readonly UnlockedField[], edit: Edit): readonly UnlockedField[] {
  const has = (name: string): boolean => fields.some((field) => field.name === name)
  switch (edit.kind) {
    case 'add':
      if (has(edit.name)) return fields
      return fields.toSpliced(edit.place, 0, { name: edit.name, type: edit.type, at: AT })
    case 'retype':
      return fields.map((field) => (field.name === edit.name ? { ...field, type: edit.type } : field))
    case 'remove':
      return fields.filter(({ name }) => name !== edit.name)
    case 'rename':
      if (has(edit.to)) return fields
      return fields.map((field) =>
        field.name === edit.name ? { ...field, name: edit.to, was: { value: edit.name, at: AT } } : field,
      )
    default:
      return fields.toReversed()
  }
}

/** The next lock, read back from its text as the next run would. */
function assign(lock: Lock, fields: readonly UnlockedField[]): Lock {
  const diagnostics = createDiagnostics()
  const { lock: next } = assignIds(lock, [{ name: 'S', at: AT, fields }], diagnostics)
  expect(diagnostics.list).toEqual([])
  const text = formatLock(next)
  const again = parseLock('rivulet.lock.json', text, diagnostics) as Lock
  expect(diagnostics.list).toEqual([])
  expect(formatLock(again)).toBe(text)
  expect(assignIds(again, [{ name: 'S', at: AT, fields }], diagnostics).changes).toEqual([])
  return again
}

test('feature 86: whatever is edited, no id is given to another field, and no field gets another id', () => {
  fc.assert(
    fc.property(fc.array(edits, { minLength: 1, maxLength: 40 }), (sequence) => {
      let fields: readonly UnlockedField[] = []
      let lock: Lock = new Map()
      // What each id was when it was last in use.
      const owners = new Map<number, { readonly name: string; readonly type: string }>()
      for (const edit of sequence) {
        const before = lock.get('S')?.fields
        // A `was` of an earlier edit has been applied; sources that keep it are tested elsewhere.
        fields = apply(
          fields.map(({ name, type, at }) => ({ name, type, at })),
          edit,
        )
        lock = assign(lock, fields)
        const struct = lock.get('S')
        expect([...(struct?.fields.keys() ?? [])].toSorted()).toEqual(fields.map(({ name }) => name).toSorted())
        for (const { name, type, was } of fields) {
          const id = struct?.fields.get(name)?.id as number
          const had = before?.get(was?.value ?? name)?.id
          expect(id).toBe(had ?? id)
          // A field without an id before has a new one, or that of the same field which was gone.
          const owner = had === undefined ? (owners.get(id) ?? { name, type }) : { name, type }
          expect(owner).toEqual({ name, type })
          expect(id).toBeLessThan(struct?.next as number)
        }
        for (const { name, type } of fields) owners.set(struct?.fields.get(name)?.id as number, { name, type })
        const ids = [...(struct?.fields.values() ?? []), ...(struct?.retired ?? [])].map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        // Nothing that was ever given is forgotten.
        expect(ids.toSorted((a, b) => a - b)).toEqual([...owners.keys()].toSorted((a, b) => a - b))
      }
    }),
    { numRuns: 300 },
  )
})

test('two branches that both add a field give one id twice, and that is found when their files are merged by lines', () => {
  fc.assert(
    fc.property(fc.uniqueArray(names, { minLength: 3, maxLength: 3 }), ([base, ours, theirs]) => {
      const field = (name: string | undefined): UnlockedField => ({ name: name as string, type: 'string', at: AT })
      const start = assign(new Map(), [field(base)])
      const left = assign(start, [field(base), field(ours)]).get('S')
      const right = assign(start, [field(base), field(theirs)]).get('S')
      const merged = formatLock(
        new Map([
          [
            'S',
            {
              next: left?.next ?? 0,
              retired: [],
              fields: new Map([...(left?.fields ?? []), ...(right?.fields ?? [])]),
            },
          ],
        ]),
      )
      const diagnostics = createDiagnostics()
      expect(parseLock('rivulet.lock.json', merged, diagnostics)).toBeUndefined()
      expect(diagnostics.list.map(({ code, hint }) => [code, hint.split(':')[0]])).toEqual([
        ['lock', 'Two branches changed it'],
      ])
    }),
  )
})

test('any text is a lock file, or a diagnostic', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ maxLength: 60 }), fc.json(), fc.constantFrom('{', ')', '(', '1)(', '`${', '/*')),
      (text) => {
        const diagnostics = createDiagnostics()
        const lock = parseLock('rivulet.lock.json', text, diagnostics)
        expect(lock === undefined).toBe(diagnostics.hasErrors)
      },
    ),
  )
})
