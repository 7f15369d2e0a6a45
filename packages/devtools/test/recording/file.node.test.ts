import { readFileSync } from 'node:fs'
import type { FeedEntry } from '@rivulet/client/inspect'
import { isRivuletError, type Types } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Bell, Blow, FleetStore, Horn, makeFleet, Rename, types } from '../../../client/test/support/fleet.ts'
import { schema } from '../../../wire/test/support/arbitrary.ts'
import { encodeRecording, readRecording, type Recording, stateAt, takeRecording } from '../../src/recording.ts'
import { buildRing } from '../support/ring-builder.ts'

function recorded(): Recording {
  const ring = buildRing(7)
  ring.entry({
    type: 'connection',
    status: { state: 'connected', since: 5, attempt: 0, clockOffset: null, session: 'fresh' },
  })
  ring.entry({ type: 'page', page: 1, step: 'joined' })
  ring.checkpoint(FleetStore, makeFleet())
  ring.partial(FleetStore, { count: { set: 7 } })
  ring.entry({ type: 'patch', page: 1, number: 1, bytes: 12, from: 9, to: 9 })
  ring.entry({
    type: 'call',
    page: 1,
    id: 1,
    name: 'rename',
    step: 'failed',
    error: { code: 'rpc', what: 'no', path: ['a', 1, true] },
  })
  ring.entry({
    type: 'resync',
    store: 'fleet',
    error: { code: 'malformed', what: 'no', path: ['m', 2n ** 62n, NaN, -0] },
  })
  ring.gap(FleetStore)
  ring.frame({ dir: 'in', kind: 'storeupdate', store: 'fleet', update: 'partial', unapplied: true, took: 0.25 })
  ring.frame({ dir: 'in', kind: 'other', event: 'hello' }, new Uint8Array([1, 2, 3]))
  return takeRecording(
    ring.ring(),
    { stores: [FleetStore], requests: [Rename, Blow], events: [Horn, Bell] },
    { url: 'https://host.test', page: 'Fleet', since: 1, taken: 2.5, note: 'a "quoted"\nnote' },
  )
}

const good = encodeRecording(recorded())

/** The file with one part changed. */
type Loose = Record<string, unknown>

/** What is there in a file, by names and positions. */
function part(file: Loose, ...route: readonly (string | number)[]): Loose {
  return route.reduce((at: Loose, name) => at[name] as Loose, file)
}

function changed(change: (file: Loose) => void): string {
  const file = JSON.parse(good) as Loose
  change(file)
  return JSON.stringify(file)
}

function refusal(text: unknown): {
  readonly code: string
  readonly path: readonly unknown[]
  readonly message: string
} {
  try {
    readRecording(text as string)
  } catch (e) {
    if (isRivuletError(e)) return e
    throw e
  }
  throw new Error('it was read')
}

function outcome(text: string): string {
  try {
    readRecording(text)
    return 'read'
  } catch (e) {
    if (isRivuletError(e)) return e.code
    throw e
  }
}

describe('a file', () => {
  test('comes back as it was, bigints and odd numbers too', () => {
    const before = recorded()
    const after = readRecording(good)
    expect(after).toEqual(before)
    expect(encodeRecording(after)).toBe(good)
  })

  test('keeps descriptors that share tables so, because codecs are kept for the list', () => {
    const { defs } = readRecording(good)
    expect(defs.stores[0]?.types).toBe(defs.requests[0]?.types)
    expect(defs.stores[0]?.types).toBe(defs.events[1]?.types)
    expect(JSON.parse(good).tables).toHaveLength(1)
    expect(defs.stores[0]?.types).toEqual(types)
  })

  test('has one line for each entry, payload and checkpoint, and ends with a newline', () => {
    const { ring } = recorded()
    const lines = good.split('\n')
    expect(good.endsWith('}\n')).toBe(true)
    expect(lines.filter((line) => line.startsWith('{"seq"') || line.startsWith('{"type"'))).toHaveLength(
      ring.entries.length,
    )
    expect(lines.some((line) => /^\[9,"[\w+/=]+"\]/.test(line))).toBe(true)
  })

  test('may be empty', () => {
    const empty = takeRecording({ first: 0, last: 0, entries: [], payloads: [], checkpoints: [] }, {})
    expect(readRecording(encodeRecording(empty))).toEqual({ ...empty, ring: { ...empty.ring, gaps: [] } })
  })

  test('is read without what a later version adds, but with its flags', () => {
    const file = changed((it) => Object.assign(part(it, 'entries', 0), { novel: true, other: [1], size: 3 }))
    expect(readRecording(file).ring.entries[0]).toEqual({ ...recorded().ring.entries[0], novel: true })
  })

  test('carries any schema', () => {
    fc.assert(
      fc.property(schema(), (tables: Types) => {
        const defs = { stores: [{ kind: 'store', name: 's', state: 't.S0', types: tables } as const] }
        const recording = takeRecording(buildRing().ring(), defs)
        expect(readRecording(encodeRecording(recording)).defs.stores).toEqual(defs.stores)
      }),
    )
  })
})

describe('a file that somebody has been at', () => {
  const cases: readonly (readonly [name: string, text: unknown, path: readonly unknown[], code?: string])[] = [
    ['nothing', undefined, []],
    ['bytes', new Uint8Array(3), []],
    ['no JSON', '{', []],
    ['null', 'null', []],
    ['a list', '[]', []],
    ['something else', '{"entries":[]}', []],
    ['a later version', changed((f) => Object.assign(f, { version: 2 })), ['version'], 'config'],
    ['no version', changed((f) => Object.assign(f, { version: '1' })), ['version']],
    ['no entries', changed((f) => Object.assign(f, { entries: null })), ['entries']],
    ['an unknown entry', changed((f) => Object.assign(part(f, 'entries', 2), { type: 'x' })), ['entries', 2, 'type']],
    [
      'an entry of a prototype',
      changed((f) => Object.assign(part(f, 'entries', 2), { type: 'toString' })),
      ['entries', 2, 'type'],
    ],
    ['no number', changed((f) => Object.assign(part(f, 'entries', 2), { seq: 'a' })), ['entries', 2, 'seq']],
    ['a fraction', changed((f) => Object.assign(part(f, 'entries', 2), { seq: 9.5 })), ['entries', 2, 'seq']],
    ['a hole', changed((f) => Object.assign(part(f, 'entries', 2), { seq: 10 })), ['entries', 2]],
    ['a wrong direction', changed((f) => Object.assign(part(f, 'entries', 2), { dir: 'up' })), ['entries', 2, 'dir']],
    [
      'a wrong error',
      changed((f) => Object.assign(part(f, 'entries', 4), { error: { code: 'x' } })),
      ['entries', 4, 'error', 'what'],
    ],
    [
      'a wrong path',
      changed((f) => Object.assign(part(f, 'entries', 5, 'error'), { path: [{ bigint: 'x' }] })),
      ['entries', 5, 'error', 'path', 0],
    ],
    [
      'a huge bigint',
      changed((f) => Object.assign(part(f, 'entries', 5, 'error'), { path: [{ bigint: '9'.repeat(99) }] })),
      ['entries', 5, 'error', 'path', 0],
    ],
    ['no base64', changed((f) => Object.assign(part(f, 'payloads', 0), { 1: '*' })), ['payloads', 0, 1]],
    ['a payload of nothing', changed((f) => Object.assign(part(f, 'payloads', 0), { 0: 7 })), ['payloads', 0]],
    [
      'payloads out of order',
      changed((f) => Object.assign(f, { payloads: (f['payloads'] as unknown[]).toReversed() })),
      ['payloads', 1],
    ],
    [
      'a checkpoint without bytes',
      changed((f) => Object.assign(part(f, 'checkpoints', 0), { state: 3 })),
      ['checkpoints', 0, 'state'],
    ],
    ['a gap of nothing', changed((f) => Object.assign(f, { gaps: [{ seq: 1 }] })), ['gaps', 0, 'store']],
    [
      'a table too many',
      changed((f) => Object.assign(part(f, 'stores', 0), { types: [3] })),
      ['stores', 0, 'types', 0],
    ],
    ['an unknown struct', changed((f) => Object.assign(part(f, 'stores', 0), { state: 'x' })), ['stores', 0, 'state']],
    [
      'a struct of a prototype',
      changed((f) => Object.assign(part(f, 'stores', 0), { state: 'toString' })),
      ['stores', 0, 'state'],
    ],
    ['an unknown kind', changed((f) => Object.assign(part(f, 'events', 0), { kind: 'store' })), ['events', 0, 'kind']],
    ['a wrong note', changed((f) => Object.assign(part(f, 'info'), { note: 1 })), ['info', 'note']],
  ]
  test.each(cases)('%s', (_, text, path, code = 'malformed') => {
    const error = refusal(text)
    expect([error.code, error.path]).toEqual([code, path])
    expect(error.message.length).toBeLessThan(600)
  })

  test('types that refer to nothing, nest for ever, or contain themselves', () => {
    const inField = (type: unknown): string =>
      changed((f) => Object.assign(part(f, 'tables', 0, 'fleet.Horn', 'fields', 0), { type }))
    const levels = 50_000
    const deep = `${'{"kind":"array","elem":'.repeat(levels)}{"kind":"bool"}${'}'.repeat(levels)}`
    expect(refusal(inField('deep').replace('"deep"', deep))).toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('nested'),
    })
    expect(refusal(inField({ kind: 'struct', ref: 'ghost' }))).toMatchObject({ code: 'malformed' })
    expect(refusal(inField({ kind: 'struct', ref: 'fleet.Horn' }))).toMatchObject({ code: 'malformed' })
    expect(refusal(inField({ kind: 'constructor' }))).toMatchObject({
      code: 'malformed',
      path: ['tables', 0, 'fleet.Horn', 'fields', 0, 'type'],
    })
  })

  test('names from prototypes stay names', () => {
    const file = changed((f) => {
      const table = part(f, 'tables', 0)
      Object.defineProperty(table, '__proto__', { value: table['fleet.Horn'], enumerable: true })
    })
    expect(Object.getPrototypeOf(readRecording(file).defs.stores[0]?.types[0])).toBe(Object.prototype)
    expect({}).not.toHaveProperty('form')
  })

  test('whatever is put in the place of any part, it is read or refused with a place, and nothing else is thrown', () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('__proto__', -1, 1e300, '', 'frame'))
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), value, (route, replacement) => {
        const file = JSON.parse(good) as unknown
        let at = file as Record<string, unknown>
        for (const [i, n] of route.entries()) {
          const keys = Object.keys(at)
          const key = keys[n % keys.length] as string
          const next = at[key]
          if (i === route.length - 1 || typeof next !== 'object' || next === null || Object.keys(next).length === 0) {
            at[key] = replacement
            break
          }
          at = next as Record<string, unknown>
        }
        expect(['read', 'malformed', 'config']).toContain(outcome(JSON.stringify(file)))
      }),
      { numRuns: 2000 },
    )
  })

  test('a file that is cut anywhere', () => {
    for (let end = 0; end < good.length - 2; end += 97) expect(refusal(good.slice(0, end)).code).toBe('malformed')
  })
})

test('every type of entry has been tried', () => {
  const seen = new Set<FeedEntry['type']>(recorded().ring.entries.map(({ type }) => type))
  seen.add('error')
  const error = { type: 'error', seq: 1, at: 2, error: { code: 'rpc', what: 'x', hint: 'y', offset: 4 } } as const
  const ring = { first: 1, last: 1, entries: [error], payloads: [], checkpoints: [] }
  expect(readRecording(encodeRecording(takeRecording(ring, {}))).ring.entries).toEqual([error])
  expect(seen.size).toBe(7)
})

test('the example of the guide is a recording', () => {
  const guide = readFileSync(new URL('../../../../docs/devtools-recording.md', import.meta.url), 'utf8')
  const [, example] = /```json\n(.*?)```/s.exec(guide) ?? []
  const recording = readRecording(example as string)
  expect([6, 7].map((seq) => stateAt(recording, 'BoardStore', seq))).toEqual([{ xTurn: false }, { xTurn: true }])
  expect(encodeRecording(recording)).toBe(example)
})
