import { describe, expect, test } from 'vitest'
import { decodeDeltaOf, encodeDeltaOf, parseKey, type StoreDef, type Types } from '@rivulet/wire'
import { compareSchemas, type Finding, wireTypes } from '../../src/index.ts'
import { read } from '../support/read-sources.ts'

const HEAD = `// @restream.partials
type BoardStoreState struct {
	// MAXFIELD(5)
	XTurn bool \`restream:",fID=1"\`
	Score int32 \`restream:",fID=2"\`
	Best Row \`restream:",fID=3"\`
	Spot Point \`restream:",fID=5"\`
}

// @restream.partials
type Row struct {
	// MAXFIELD(2)
	ID uint16 \`restream:",fID=1"\`
	Name string \`restream:",fID=2"\`
}

// @restream.serializers
type Point struct {
	X int16
	Y int16
}

type Phase uint8

const (
	PhaseOpen Phase = 1
	PhaseOver Phase = 2
)

const Limit = 20

// @restream.store(Board)
type BoardStore struct {}

func (b *BoardStore) GetMinimumAccessLevel() restream.AccessLevel { return 0 }

func (b *BoardStore) Place(x int32, y int32) (bool, error) { return true, nil }

func register() {
	board := &BoardStore{}
	rpcd.RegisterRPCHandler("Board.Place", 1, board.Place, nil, nil)
	rpcd.RegisterFFRPCHandler("Board.Note", 1, func(text string) {}, nil)
	var ev subscribableevent.Event[func(who string, at int32)]
	eventd.RegisterEvent("Board.Won", &ev)
}
`

/** The findings between the sources above and an edit of them: each `[old, now]` is a text to replace, and must be there. */
async function changed(...edits: readonly (readonly [string, string])[]): Promise<readonly Finding[]> {
  const text = edits.reduce((all, [old, now]) => {
    expect(all).toContain(old)
    return all.replace(old, () => now)
  }, HEAD)
  const [before, after] = [await read(HEAD), await read(text)]
  expect(before.errors).toEqual([])
  expect(after.errors).toEqual([])
  return compareSchemas(before.model, after.model)
}

const brief = (findings: readonly Finding[]) =>
  findings.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`)

const ID = (id: number): string => `\`restream:",fID=${id}"\``

describe('one change, one finding', () => {
  test.each<[string, readonly (readonly [string, string])[], readonly string[]]>([
    ['nothing', [], []],
    ['a comment', [['type Phase', '// Phase is where it is.\ntype Phase']], []],
    [
      'a new field',
      [
        ['MAXFIELD(5)', 'MAXFIELD(6)'],
        ['\tScore', `\tTitle string ${ID(6)}\n\tScore`],
      ],
      ['safe field-added shop.BoardStoreState.Title'],
    ],
    [
      'fields in another order',
      [
        [`\tXTurn bool ${ID(1)}\n`, ''],
        [`\tScore int32 ${ID(2)}\n`, `\tScore int32 ${ID(2)}\n\tXTurn bool ${ID(1)}\n`],
      ],
      [],
    ],
    ['a removed field', [[`\tScore int32 ${ID(2)}\n`, '']], ['warning field-removed shop.BoardStoreState.Score']],
    [
      'a removed field whose id was the highest, and a lower MAXFIELD',
      [
        [`\tSpot Point ${ID(5)}\n`, ''],
        ['MAXFIELD(5)', 'MAXFIELD(3)'],
      ],
      ['breaks-both max-lowered shop.BoardStoreState', 'warning field-removed shop.BoardStoreState.Spot'],
    ],
    [
      'the id of a field that was removed earlier',
      [['\tScore', `\tTitle string ${ID(4)}\n\tScore`]],
      ['breaks-both id-reused shop.BoardStoreState.Title'],
    ],
    [
      'the id of a field that is removed now, with another type',
      [['Score int32', 'Title string']],
      ['breaks-both id-reused shop.BoardStoreState.Title'],
    ],
    [
      'a new name for a field of a store',
      [['Score int32', 'Points int32']],
      ['breaks-both field-renamed shop.BoardStoreState.Points'],
    ],
    [
      'a new name for a field that is changed in place below a store',
      [['Name string', 'Title string']],
      ['breaks-both field-renamed shop.Row.Title'],
    ],
    [
      'another id',
      [
        [`Name string ${ID(2)}`, `Name string ${ID(3)}`],
        ['MAXFIELD(2)', 'MAXFIELD(3)'],
      ],
      ['breaks-both id-changed shop.Row.Name'],
    ],
    [
      'two ids exchanged',
      [
        [`ID uint16 ${ID(1)}`, `ID uint16 ${ID(2)}`],
        [`Name string ${ID(2)}`, `Name string ${ID(1)}`],
      ],
      ['breaks-both id-changed shop.Row.ID', 'breaks-both id-changed shop.Row.Name'],
    ],
    ['another type', [['Name string', 'Name int32']], ['breaks-both type-changed shop.Row.Name']],
    ['a wider unsigned integer', [['ID uint16', 'ID uint32']], ['breaks-old-readers type-changed shop.Row.ID']],
    ['a narrower unsigned integer', [['ID uint16', 'ID uint8']], ['breaks-new-readers type-changed shop.Row.ID']],
    [
      'an enum in place of its kind',
      [
        ['Score int32', 'Score Level'],
        ['type Phase', 'type Level int32\n\ntype Phase'],
      ],
      ['warning type-renamed shop.BoardStoreState.Score'],
    ],
    ['a null flag more', [['Name string', 'Name *string']], ['breaks-both type-changed shop.Row.Name']],
    [
      'a flat struct with a field more',
      [['\tY int16', '\tY int16\n\tZ int16']],
      ['breaks-both flat-layout shop.Point'],
    ],
    ['a flat struct with a field less', [['\tY int16\n', '']], ['breaks-both flat-layout shop.Point']],
    [
      'a flat struct in another order',
      [
        ['\tX int16\n', ''],
        ['\tY int16\n', '\tY int16\n\tX int16\n'],
      ],
      ['breaks-both flat-layout shop.Point'],
    ],
    ['a flat struct with other names', [['\tY int16', '\tTop int16']], ['warning field-renamed shop.Point.Top']],
    [
      'a flat struct that gets ids',
      [
        ['// @restream.serializers', '// @restream.fields'],
        ['\tX int16\n\tY int16', `\t// MAXFIELD(2)\n\tX int16 ${ID(1)}\n\tY int16 ${ID(2)}`],
      ],
      ['breaks-both flavour shop.Point'],
    ],
    [
      'a partial struct below a store that is no longer partial',
      [['// @restream.partials\ntype Row', '// @restream.fields\ntype Row']],
      ['breaks-both delta-layout shop.BoardStoreState.Best', 'safe flavour shop.Row'],
    ],
    [
      'a new enum member',
      [['PhaseOver Phase = 2', 'PhaseOver Phase = 2\n\tPhaseNew Phase = 3']],
      ['safe member-added shop.PhaseNew'],
    ],
    ['a removed enum member', [['\tPhaseOver Phase = 2\n', '']], ['warning member-removed shop.PhaseOver']],
    [
      'an enum member of another value',
      [['PhaseOver Phase = 2', 'PhaseOver Phase = 3']],
      ['breaks-both member-value shop.PhaseOver'],
    ],
    ['a constant of another value', [['Limit = 20', 'Limit = 30']], ['warning const-changed shop.Limit']],
    ['a constant less', [['const Limit = 20\n', '']], ['warning const-removed shop.Limit']],
    [
      'a store of another name',
      [['store(Board)', 'store(Table)']],
      ['breaks-old-readers store-removed Board', 'safe store-added Table'],
    ],
    ['a store of another type', [['store(Board)', 'store(Board, CloudOnly)']], ['breaks-both store-type Board']],
    ['a higher access level', [['{ return 0 }', '{ return 2 }']], ['breaks-old-readers access-raised Board']],
    ['a lower access level', [['"Board.Place", 1', '"Board.Place", 0']], ['warning access-lowered Board.Place']],
    [
      'a call of another name',
      [['"Board.Place"', '"Board.Put"']],
      ['breaks-old-readers call-removed Board.Place', 'safe call-added Board.Put'],
    ],
    [
      'another parameter type',
      [['(x int32, y int32)', '(x string, y int32)']],
      ['breaks-both call-request Board.Place'],
    ],
    ['parameters exchanged', [['(x int32, y int32)', '(y int32, x int32)']], ['breaks-both call-request Board.Place']],
    [
      'one more parameter at the end, which an old host ignores',
      [['(x int32, y int32)', '(x int32, y int32, z int32)']],
      ['breaks-new-readers call-request Board.Place'],
    ],
    ['one parameter less', [['(x int32, y int32)', '(x int32)']], ['breaks-old-readers call-request Board.Place']],
    [
      'another result',
      [['(bool, error) { return true, nil', '(string, error) { return "", nil']],
      ['breaks-both call-response Board.Place'],
    ],
    [
      'a call that is no longer answered',
      [
        [
          'RegisterRPCHandler("Board.Place", 1, board.Place, nil, nil)',
          'RegisterFFRPCHandler("Board.Place", 1, func(x int32, y int32) {}, nil)',
        ],
      ],
      ['breaks-both call-kind Board.Place'],
    ],
    ['another event', [['at int32)]', 'at string)]']], ['breaks-both event-packet Board.Won']],
    [
      'an event less',
      [['\teventd.RegisterEvent("Board.Won", &ev)\n', '']],
      ['breaks-old-readers event-removed Board.Won'],
    ],
  ])('%s', async (_, edits, expected) => {
    expect(brief(await changed(...edits))).toEqual(expected)
  })
})

describe('a finding', () => {
  test('says which peers break and how, where, and what to do', async () => {
    const [finding] = await changed(['ID uint16', 'ID uint32'])
    expect(finding).toEqual({
      code: 'type-changed',
      severity: 'breaks-old-readers',
      subject: 'shop.Row.ID',
      message: 'shop.Row.ID was uint16 and is uint32',
      effects: [
        { peers: 'old page with new host', what: 'a uint32 above 65535 is cut to uint16' },
        { peers: 'old relay with new device', what: 'a uint32 above 65535 is cut to uint16' },
      ],
      at: { file: 'shop/shop.go', line: 15, column: 2 },
      hint: 'Add a field with a new id, and remove this one when the last old peer is gone.',
    })
  })

  test('knows that requests travel the other way', async () => {
    const [finding] = await changed(['(x int32, y int32)', '(x int32, y int32, z int32)'])
    expect(finding?.effects).toEqual([{ peers: 'old page with new host', what: 'it ends before Z' }])
  })

  test('is the same in the other direction, with the peers exchanged', async () => {
    const [before, after] = [await read(HEAD), await read(HEAD.replace('ID uint16', 'ID uint32'))]
    expect(brief(compareSchemas(after.model, before.model))).toEqual(['breaks-new-readers type-changed shop.Row.ID'])
  })
})

describe('a renamed field of a store', () => {
  test('is a key that the other side does not know', async () => {
    const [before, after] = [await read(HEAD), await read(HEAD.replace('Score int32', 'Points int32'))]
    const store = (types: Types): StoreDef => ({ kind: 'store', name: 'Board', state: 'shop.BoardStoreState', types })
    expect(parseKey(store([wireTypes(before.model)]), 'Score')).toEqual(['score'])
    expect(parseKey(store([wireTypes(after.model)]), 'Score')).toBeNull()
  })
})

describe('structs that move', () => {
  const row = HEAD.slice(HEAD.indexOf('// @restream.partials\ntype Row'), HEAD.indexOf('// @restream.serializers'))

  test('to another file: states are the same bytes, deltas are not', async () => {
    const before = await read(HEAD)
    const after = await read({
      'shop/shop.go': `package shop\n\n${HEAD.replace(row, '')}`,
      'shop/row.go': `package shop\n\n${row}`,
    })
    expect(brief(compareSchemas(before.model, after.model))).toEqual([
      'breaks-both delta-layout shop.BoardStoreState.Best',
      'safe struct-moved shop.Row',
    ])
    // The witness: what one says about Best, the other cannot read.
    const [from, to] = [before.model, after.model].map((model) => [wireTypes(model)])
    const bytes = encodeDeltaOf(from as Types, 'shop.BoardStoreState', { best: { mod: { name: { set: 'new' } } } })
    expect(() => decodeDeltaOf(to as Types, 'shop.BoardStoreState', bytes)).toThrow(/best/)
  })

  test('under another name with the same fields: the same bytes', async () => {
    const before = await read(HEAD)
    const after = await read(HEAD.replaceAll('Row', 'Line'))
    expect(brief(compareSchemas(before.model, after.model))).toEqual([
      'warning type-renamed shop.BoardStoreState.Best',
      'warning struct-removed shop.Row',
      'safe struct-added shop.Line',
    ])
  })

  test('under another name with other fields: the field that holds it has another type', async () => {
    const before = await read(HEAD)
    const after = await read(HEAD.replaceAll('Row', 'Line').replace('ID uint16', 'ID string'))
    expect(brief(compareSchemas(before.model, after.model))[0]).toBe(
      'breaks-both type-changed shop.BoardStoreState.Best',
    )
  })
})
