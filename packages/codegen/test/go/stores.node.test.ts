import { describe, expect, test } from 'vitest'
import { read } from '../support/read-sources.ts'

const STATE = '\n// @restream.partials\ntype BoardState struct {\n\t// MAXFIELD(1)\n\tN int8 `restream:",fID=1"`\n}\n'

describe('store annotations', () => {
  test.each([
    ['(Board)', 'Board', 'DeviceWithRelay'],
    ['("Board")', 'Board', 'DeviceWithRelay'],
    ['( `My Board` )', 'My Board', 'DeviceWithRelay'],
    ['(Board, CloudOnly)', 'Board', 'CloudOnly'],
    ['("Board", StoreTypeDeviceAndCloud)', 'Board', 'DeviceAndCloud'],
    ['(Board, restream.StoreTypeDeviceWithNoRelay)', 'Board', 'DeviceWithNoRelay'],
    ['(Board, type=DeviceWithCloudSource)', 'Board', 'DeviceWithCloudSource'],
    ['(Board, storeType = StoreTypeCloudImplOfDevice) // and so on', 'Board', 'CloudImplOfDevice'],
    ['(Board, type="CloudSourceForDevice")', 'Board', 'CloudSourceForDevice'],
    [' (Board, DeviceWithCloudImpl)', 'Board', 'DeviceWithCloudImpl'],
  ])('feature 117: @restream.store%s', async (rest, name, type) => {
    const reading = await read(`// Board is a store.\n// @restream.store${rest}\ntype Board struct{}${STATE}`)
    expect(reading.diagnostics).toEqual([])
    expect(reading.pkg().stores).toEqual([
      { goStruct: 'Board', name, type, minimumAccess: 0, state: 'shop.BoardState' },
    ])
    expect(reading.pkg().consts).toEqual([{ name: 'BoardName', value: name, origin: 'storeName' }])
    expect(reading.pkg().structs.map((struct) => struct.name)).toEqual(['BoardState'])
    expect(reading.model.packages[0]?.stores[0]?.extra).toEqual({
      at: { file: 'shop/shop.go', line: 5, column: 6 },
      doc: 'Board is a store.',
    })
  })

  test.each([
    ['annotation', '@restream.store has no name in parentheses', ''],
    ['annotation', '@restream.store has no name in parentheses', '(Board'],
    ['annotation', '@restream.store has no name in parentheses', ' Board'],
    ['annotation', '@restream.store() does not name one store', '()'],
    ['annotation', '@restream.store("") does not name one store', '("")'],
    ['annotation', '@restream.store(A, CloudOnly, B) does not name one store', '(A, CloudOnly, B)'],
    ['store-type', '"Nowhere" is not a store type', '(Board, Nowhere)'],
    ['store-type', '"" is not a store type', '(Board, )'],
  ])('%s: %s', async (code, message, rest) => {
    const { errors, marks } = await read(`«// @restream.store${rest}\ntype Board struct{}${STATE}`)
    expect(errors.map((error) => [error.code, error.message])).toEqual([[code, message]])
    expect(errors[0]).toMatchObject(marks[0] as object)
  })

  test('on something else than a struct', async () => {
    const { errors, marks } = await read('// @restream.store(A)\ntype «A string')
    expect(errors.map(({ code }) => code)).toEqual(['annotation'])
    expect(errors[0]).toMatchObject(marks[0] as object)
  })
})

describe('the state of a store', () => {
  test('feature 89: is what storeData says, in another package too, behind an alias too', async () => {
    const reading = await read({
      'shop/a.go': `package shop
import "example.com/shop/states"
import "github.com/boatkit-io/restream/pkg/restream"
// @restream.store(One)
type One struct { storeData *restream.StoreData[states.Shelf, *states.Shelf, *states.ShelfPartial] }
// @restream.store(Two)
type Two struct {
	other     int
	storeData *restream.StoreData[Alias, *Alias, *states.ShelfPartial]
}
type Alias = states.Shelf`,
      'states/b.go': 'package states\n// @restream.partials\ntype Shelf struct {}',
    })
    expect(reading.diagnostics).toEqual([])
    expect(reading.pkg().stores.map(({ state }) => state)).toEqual(['states.Shelf', 'states.Shelf'])
  })

  test('feature 89: is <Store>State of another package when there is one', async () => {
    const reading = await read({
      'shop/a.go': 'package shop\n// @restream.store(Board)\ntype Board struct{}',
      'states/b.go': `package states\n${STATE}`,
    })
    expect(reading.diagnostics).toEqual([])
    expect(reading.pkg().stores[0]?.state).toBe('states.BoardState')
  })

  test('is ambiguous when there are two', async () => {
    const { errors, marks } = await read({
      'shop/a.go': 'package shop\n// @restream.store(Board)\ntype «Board struct{}',
      'states/b.go': `package states\n${STATE}`,
      'others/b.go': `package others\n${STATE}`,
    })
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      ['store-state', 'the state of Board is ambiguous: states.BoardState and others.BoardState'],
    ])
    expect(errors[0]).toMatchObject(marks[0] as object)
  })

  test('must be there', async () => {
    const { errors } = await read('// @restream.store(Board)\ntype Board struct{}')
    expect(errors.map(({ code, message, hint }) => [code, message, hint])).toEqual([
      [
        'store-state',
        'Board has no state: there is no struct BoardState',
        'Declare "type BoardState struct" with // @restream.partials above it.',
      ],
    ])
  })

  test('has deltas even where somebody forgot the annotation, or wrote a weaker one; that is a warning', async () => {
    for (const annotation of ['', '// @restream.fields\n']) {
      const reading = await read(
        `// @restream.store(Board)\ntype Board struct{}\n${annotation}type «BoardState struct {\n\t// MAXFIELD(1)\n\tN int8 \`restream:",fID=1"\`\n}`,
      )
      expect(reading.errors).toEqual([])
      expect(reading.warnings.map(({ code, file, line, column }) => ({ code, file, line, column }))).toEqual([
        { code: 'store-state', ...reading.marks[0] },
      ])
      expect(reading.struct('BoardState').flavour).toBe('partial')
    }
  })
})

describe('the minimum access level', () => {
  const store = (method: string): string => `import "github.com/boatkit-io/restream/pkg/restream"
const Owner restream.AccessLevel = 4
// @restream.store(Board)
type Board struct{}
${method}${STATE}`

  test.each([
    ['func (b *Board) GetMinimumAccessLevel() restream.AccessLevel { return 2 }', 2],
    ['func (Board) GetMinimumAccessLevel() restream.AccessLevel { return Owner }', 4],
    [
      'func (b Board) GetMinimumAccessLevel() (level restream.AccessLevel) {\n\t// why\n\treturn restream.AccessLevel(1 << 2 | 1)\n}',
      5,
    ],
    ['func (b *Other) GetMinimumAccessLevel() restream.AccessLevel { return 2 }\ntype Other struct{}', 0],
    ['', 0],
  ])('%s is %d', async (method, level) => {
    const reading = await read(store(method))
    expect(reading.errors).toEqual([])
    expect(reading.pkg().stores[0]?.minimumAccess).toBe(level)
  })

  test.each([
    'func (b *Board) GetMinimumAccessLevel() restream.AccessLevel { return «b.level() }',
    'func (b *Board) GetMinimumAccessLevel() restream.AccessLevel { return «300 }',
    'func (b *Board) GetMinimumAccessLevel() restream.AccessLevel { return «-1 }',
    'func (b *Board) GetMinimumAccessLevel() restream.AccessLevel { return «"2" }',
    'func (b *Board) «GetMinimumAccessLevel() int { return 2 }',
    'func (b *Board) «GetMinimumAccessLevel(x int) restream.AccessLevel { return 2 }',
    'func (b *Board) «GetMinimumAccessLevel() (restream.AccessLevel, error) { return 2, nil }',
    'func (b *Board) «GetMinimumAccessLevel() { }',
    'func (b *Board) «GetMinimumAccessLevel() restream.AccessLevel { x := 2; return 2 }',
    'func (b *Board) «GetMinimumAccessLevel() restream.AccessLevel { if true { return 2 } }',
  ])('feature 113: %s is an error', async (method) => {
    const { errors, marks } = await read(store(method))
    expect(errors.map(({ code }) => code)).toEqual(['access-level'])
    expect(errors[0]).toMatchObject(marks[0] as object)
  })
})

test('two stores of one name are an error, in two packages too', async () => {
  const board = (name: string): string => `package ${name}\n// @restream.store(Board)\ntype Board struct{}${STATE}`
  const { errors } = await read({ 'shop/a.go': board('shop'), 'other/b.go': board('other') })
  expect(errors.map(({ code, message }) => [code, message])).toEqual([
    ['duplicate-name', 'the store "Board" is there already, at other/b.go:3'],
  ])
})
