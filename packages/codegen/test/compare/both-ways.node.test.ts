import { describe, expect, test } from 'vitest'
import { compareSchemas, type Finding, type FindingCode, type SchemaModel } from '../../src/index.ts'
import { readTs } from '../support/read-ts.ts'

// Each change and the same change taken back: who breaks one way is spared, or breaks, the other way.

const SOURCE = `
/** @restream.store(Board) @access 2 */
interface BoardState { title: string; row: Row; spot: Spot; list: readonly int16[]; phase: Phase; tags: ReadonlyMap<string, uint8> }
/** @restream.partials */
interface Row { id: uint16; note: string | null }
/** @restream.serializers */
interface Spot { x: int16; y: int16 }
/** @kind uint8 */
enum Phase { Open = 1, Over = 2 }
/** @restream.const */
const Limit = 20
/** @restream.rpc(Board) @access 1 */
interface Calls { place(x: int32, y: int32): boolean }
/** @restream.send(Board) */
interface Sends { note(text: string): void }
/** @restream.event(Board) */
interface Events { won(who: string): void }
/** @restream.keyedEvent(Board, Board) */
interface Keyed { rang(key: string, times: int32): void }
/** @restream.stream(Board, Board) */
interface Streams { video(key: string): Uint8Array }
`

/** The model of an edit of the sources: ids go on from those of before. */
function edited(edits: readonly (readonly [string, string])[]): readonly [before: SchemaModel, after: SchemaModel] {
  const text = edits.reduce((all, [old, now]) => {
    expect(all).toContain(old)
    return all.replace(old, () => now)
  }, SOURCE)
  const before = readTs(SOURCE)
  const after = readTs(text, { lock: before.lock?.text ?? '' })
  expect([before.errors, after.errors]).toEqual([[], []])
  return [before.model, after.model]
}

const brief = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`)

const CHANGES: readonly (readonly [
  string,
  readonly (readonly [string, string])[],
  readonly string[],
  readonly string[],
])[] = [
  ['nothing', [], [], []],
  [
    'a field more',
    [['title: string;', 'title: string; more: Date;']],
    ['safe field-added schema.BoardState.More'],
    ['breaks-both max-lowered schema.BoardState', 'warning field-removed schema.BoardState.More'],
  ],
  [
    'a field less, whose id stays taken',
    [['title: string;', '']],
    ['warning field-removed schema.BoardState.Title'],
    ['breaks-both id-reused schema.BoardState.Title'],
  ],
  [
    'a field in place of another',
    [['title: string;', 'name: string;']],
    ['safe field-added schema.BoardState.Name', 'warning field-removed schema.BoardState.Title'],
    [
      'breaks-both id-reused schema.BoardState.Title',
      'breaks-both max-lowered schema.BoardState',
      'warning field-removed schema.BoardState.Name',
    ],
  ],
  [
    'a field that says what it was',
    [['title: string;', '/** @was title */ name: string;']],
    ['breaks-both field-renamed schema.BoardState.Name'],
    ['breaks-both field-renamed schema.BoardState.Title'],
  ],
  [
    'a wider element of a list',
    [['readonly int16[]', 'readonly int32[]']],
    ['breaks-both type-changed schema.BoardState.List'],
    ['breaks-both type-changed schema.BoardState.List'],
  ],
  [
    'a wider value of a map',
    [['<string, uint8>', '<string, uint32>']],
    ['breaks-old-readers type-changed schema.BoardState.Tags'],
    ['breaks-new-readers type-changed schema.BoardState.Tags'],
  ],
  [
    'another key of a map',
    [['<string, uint8>', '<int32, uint8>']],
    ['breaks-both type-changed schema.BoardState.Tags'],
    ['breaks-both type-changed schema.BoardState.Tags'],
  ],
  [
    'a signed integer in place of an unsigned one',
    [['id: uint16', 'id: int16']],
    ['breaks-both type-changed schema.Row.Id'],
    ['breaks-both type-changed schema.Row.Id'],
  ],
  [
    'a map that may be null',
    [['ReadonlyMap<string, uint8>', 'ReadonlyMap<string, uint8> | null']],
    ['breaks-both type-changed schema.BoardState.Tags'],
    ['breaks-both type-changed schema.BoardState.Tags'],
  ],
  [
    'what is no longer null',
    [['note: string | null', 'note: string']],
    ['breaks-both type-changed schema.Row.Note'],
    ['breaks-both type-changed schema.Row.Note'],
  ],
  [
    'an enum in place of its kind',
    [['phase: Phase', 'phase: uint8']],
    ['warning type-renamed schema.BoardState.Phase'],
    ['warning type-renamed schema.BoardState.Phase'],
  ],
  [
    'a member more',
    [['Over = 2', 'Over = 2, Late = 3']],
    ['safe member-added schema.PhaseLate'],
    ['warning member-removed schema.PhaseLate'],
  ],
  [
    'a member of another value',
    [['Over = 2', 'Over = 4']],
    ['breaks-both member-value schema.PhaseOver'],
    ['breaks-both member-value schema.PhaseOver'],
  ],
  [
    'a wider enum',
    [['@kind uint8', '@kind uint16']],
    ['breaks-old-readers type-changed schema.BoardState.Phase'],
    ['breaks-new-readers type-changed schema.BoardState.Phase'],
  ],
  [
    'a constant of another value',
    [['Limit = 20', 'Limit = 21']],
    ['warning const-changed schema.Limit'],
    ['warning const-changed schema.Limit'],
  ],
  ['a constant less', [['/** @restream.const */\nconst', 'const']], ['warning const-removed schema.Limit'], []],
  [
    'a flat struct with a field more at its end',
    [['y: int16', 'y: int16; z: int16']],
    ['breaks-both flat-layout schema.Spot'],
    ['breaks-both flat-layout schema.Spot'],
  ],
  [
    'a flat struct with ids',
    [['@restream.serializers', '@restream.fields']],
    ['breaks-both flavour schema.Spot'],
    ['breaks-both flavour schema.Spot'],
  ],
  [
    'a nested struct without deltas',
    [['/** @restream.partials */\ninterface Row', '/** @restream.fields */\ninterface Row']],
    ['breaks-both delta-layout schema.BoardState.Row', 'safe flavour schema.Row'],
    ['breaks-both delta-layout schema.BoardState.Row', 'safe flavour schema.Row'],
  ],
  [
    'a nested struct that counts as of another file',
    [['/** @restream.partials */', '/** @restream.partials @restream.file(row.go) */']],
    ['breaks-both delta-layout schema.BoardState.Row', 'safe struct-moved schema.Row'],
    ['breaks-both delta-layout schema.BoardState.Row', 'safe struct-moved schema.Row'],
  ],
  [
    'a store that more may read',
    [['@access 2', '@access 1']],
    ['warning access-lowered Board'],
    ['breaks-old-readers access-raised Board'],
  ],
  [
    'a call that more may make',
    [['@access 1', '@access 0']],
    ['warning access-lowered Board.Place'],
    ['breaks-old-readers access-raised Board.Place'],
  ],
  [
    'a store of another kind',
    [['store(Board)', 'store(Board, CloudOnly)']],
    ['breaks-both store-type Board'],
    ['breaks-both store-type Board'],
  ],
  [
    'a parameter more',
    [['y: int32)', 'y: int32, z: int32)']],
    ['breaks-new-readers call-request Board.Place'],
    ['breaks-old-readers call-request Board.Place'],
  ],
  [
    'a narrower parameter, which goes up',
    [['x: int32, y', 'x: uint8, y']],
    ['breaks-new-readers call-request Board.Place'],
    ['breaks-old-readers call-request Board.Place'],
  ],
  [
    'another result',
    [['): boolean', '): string']],
    ['breaks-both call-response Board.Place'],
    ['breaks-both call-response Board.Place'],
  ],
  [
    'a send that became a call',
    [
      ['/** @restream.send(Board) */', '/** @restream.rpc(Board) */'],
      ['note(text: string): void', 'note(text: string): void '],
    ],
    ['breaks-both call-kind Board.Note'],
    ['breaks-both call-kind Board.Note'],
  ],
  [
    'a call more',
    [['note(text: string): void', 'note(text: string): void; wave(): void']],
    ['safe call-added Board.Wave'],
    ['breaks-old-readers call-removed Board.Wave'],
  ],
  [
    'an event with other parameters',
    [['won(who: string)', 'won(who: int32)']],
    ['breaks-both event-packet Board.Won'],
    ['breaks-both event-packet Board.Won'],
  ],
  [
    'a keyed event with other parameters',
    [['times: int32', 'times: string']],
    ['breaks-both event-packet Board/Board.Rang'],
    ['breaks-both event-packet Board/Board.Rang'],
  ],
  [
    'an event more',
    [['won(who: string): void', 'won(who: string): void; lost(): void']],
    ['safe event-added Board.Lost'],
    ['breaks-old-readers event-removed Board.Lost'],
  ],
  [
    'a stream more',
    [['video(key: string): Uint8Array', 'video(key: string): Uint8Array; sound(key: string): Uint8Array']],
    ['safe stream-added Board/Board.Sound'],
    ['breaks-old-readers stream-removed Board/Board.Sound'],
  ],
  [
    'a store more',
    [
      [
        '/** @restream.const */',
        '/** @restream.store(Table) */ interface TableState { a: string }\n/** @restream.const */',
      ],
    ],
    ['safe struct-added schema.TableState', 'safe store-added Table'],
    ['breaks-old-readers store-removed Table', 'warning struct-removed schema.TableState'],
  ],
]

describe.each(CHANGES)('%s', (_, edits, there, back) => {
  test('there', () => {
    const [before, after] = edited(edits)
    const found = brief(compareSchemas(before, after)).filter((line) => !line.endsWith('TableName'))
    expect(found.toSorted()).toEqual(there.toSorted())
  })

  test('and back', () => {
    const [before, after] = edited(edits)
    const found = brief(compareSchemas(after, before)).filter((line) => !line.endsWith('TableName'))
    expect(found.toSorted()).toEqual(back.toSorted())
  })
})

const all = (): readonly Finding[] =>
  CHANGES.flatMap(([, edits]) => {
    const [before, after] = edited(edits)
    return [...compareSchemas(before, after), ...compareSchemas(after, before)]
  })

test('every finding says in a sentence what to do, whom it hurts when it breaks, and nobody else', () => {
  for (const { severity, effects, hint, message } of all()) {
    expect(hint).toMatch(/^[A-Z].*\.$/)
    expect(message).not.toMatch(/\.$|undefined|\[object/)
    expect(effects.length > 0).toBe(severity.startsWith('breaks-'))
    expect(new Set(effects.map(({ peers, what }) => `${peers}: ${what}`)).size).toBe(effects.length)
    for (const { what } of effects) expect(what).not.toMatch(/\.$|undefined|\[object/)
  }
})

test('every code but those that only Go sources can bring about is among them', () => {
  const found = new Set(all().map(({ code }) => code))
  const expected: Readonly<Record<FindingCode, boolean>> = {
    'struct-added': true,
    'struct-removed': true,
    'struct-moved': true,
    flavour: true,
    'field-added': true,
    'field-removed': true,
    'field-renamed': true,
    'id-changed': false,
    'id-reused': true,
    'max-lowered': true,
    'type-changed': true,
    'type-renamed': true,
    'delta-layout': true,
    'flat-layout': true,
    'member-added': true,
    'member-removed': true,
    'member-value': true,
    'const-changed': true,
    'const-removed': true,
    'store-added': true,
    'store-removed': true,
    'store-state': false,
    'store-type': true,
    'call-added': true,
    'call-removed': true,
    'call-kind': true,
    'call-request': true,
    'call-response': true,
    'event-added': true,
    'event-removed': true,
    'event-packet': true,
    'stream-added': true,
    'stream-removed': true,
    'access-raised': true,
    'access-lowered': true,
  }
  expect([...found].toSorted()).toEqual(
    Object.entries(expected)
      .filter(([, there]) => there)
      .map(([code]) => code)
      .toSorted(),
  )
})
