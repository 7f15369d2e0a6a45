import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { rebaseAt, type StateChange, toExternalDataSource, valueBelow } from '../../src/concurrent.ts'
import { board, type Board, BoardStore, type Row, row } from '../support/board.ts'
import { eventually } from '../support/eventually.ts'
import { closePages, openPage } from '../support/page.ts'

afterEach(closePages)

const text = fc.string({ maxLength: 3 })
const small = fc.integer({ min: 0, max: 3 })
const aRow: fc.Arbitrary<Row> = fc.record({ name: text, x: small, y: small })
const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null })
const aBoard: fc.Arbitrary<Board> = fc.record({
  title: text,
  items: nullable(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), aRow)).map((entries) => new Map(entries))),
  log: nullable(fc.array(text, { maxLength: 3 })),
  weather: fc.record({ wind: small, note: text, gusts: nullable(fc.array(small, { maxLength: 3 })) }),
  urlPath: text,
  pilot: nullable(aRow),
  byId: nullable(fc.array(fc.tuple(small, aRow)).map((entries) => new Map(entries))),
  image: nullable(fc.uint8Array({ maxLength: 3 })),
  big: fc.bigInt({ min: 0n, max: 3n }),
  opt: nullable(small),
})

const rebase = (base: Board, from: Board, to: Board): Board => rebaseAt(BoardStore, [], base, from, to) as Board

describe('a change applied to another state', () => {
  test('to the state it was made on it gives the very state it made, and no change changes nothing', () => {
    fc.assert(
      fc.property(aBoard, aBoard, aBoard, (base, from, to) => {
        expect(rebase(from, from, to)).toBe(to)
        expect(rebase(to, from, to)).toBe(to)
        expect(rebase(base, from, from)).toBe(base)
      }),
    )
  })

  test('to a copy of the state it was made on it gives an equal one', () => {
    fc.assert(
      fc.property(aBoard, aBoard, (from, to) => {
        expect(rebase(structuredClone(from), from, to)).toEqual(to)
      }),
    )
  })

  test('changes nothing that it is given', () => {
    fc.assert(
      fc.property(aBoard, aBoard, aBoard, (base, from, to) => {
        const before = structuredClone([base, from, to])
        rebase(base, from, to)
        expect([base, from, to]).toEqual(before)
      }),
    )
  })

  test('leaves every field that it did not touch, and its identity', () => {
    fc.assert(
      fc.property(aBoard, aBoard, text, (base, from, title) => {
        const { title: changed, ...rest } = rebase(base, from, { ...from, title: `new ${title}` })
        expect(changed).toBe(`new ${title}`)
        for (const [name, value] of Object.entries(rest)) expect(value).toBe(base[name as keyof Board])
      }),
    )
  })

  test('changes of different parts may come in any order', () => {
    fc.assert(
      fc.property(aBoard, text, small, aRow, (start, title, wind, added) => {
        const items = new Map(start.items)
        const one = { ...start, title, items: new Map(items).set('one', added) }
        const two = { ...start, weather: { ...start.weather, wind }, items: new Map(items).set('two', added) }
        const base = { ...start, items }
        const [a, b] = [
          { from: base, to: one },
          { from: base, to: two },
        ]
        const apply = (state: Board, { from, to }: StateChange<Board>): Board => rebase(state, from, to)
        expect(apply(apply(base, a), b)).toEqual(apply(apply(base, b), a))
        expect(apply(apply(base, a), b)).toMatchObject({ title, weather: { wind } })
      }),
    )
  })

  test('keys come and go by themselves; fields of one entry too', () => {
    const base = board({
      items: new Map([
        ['a', row('a', 1)],
        ['c', row('c')],
      ]),
    })
    const from = board({
      items: new Map([
        ['a', row('a', 1)],
        ['b', row('b')],
      ]),
    })
    const to = board({
      items: new Map([
        ['a', row('a', 1, 5)],
        ['d', row('d')],
      ]),
    })
    const moved = { ...base, items: new Map(base.items).set('a', row('renamed', 1)) }
    expect(rebase(moved, from, to).items).toEqual(
      new Map([
        ['a', row('renamed', 1, 5)],
        ['c', row('c')],
        ['d', row('d')],
      ]),
    )
  })

  test('where both changed one scalar, or a list grew, the change counts', () => {
    expect(rebase(board({ title: 'x', log: ['x'] }), board(), board({ title: 'y', log: ['y'] }))).toMatchObject({
      title: 'y',
      log: ['y'],
    })
    expect(rebase(board({ log: ['a', 'x'] }), board({ log: ['a', 'b'] }), board({ log: ['c', 'b'] })).log).toEqual([
      'c',
      'x',
    ])
  })

  test('below a path', () => {
    expect(rebaseAt(BoardStore, ['items', 'a'], row('x', 9), row('a', 1), row('a', 1, 7))).toEqual(row('x', 9, 7))
    expect(() => rebaseAt(BoardStore, ['nothing'], 1, 2, 3)).toThrow(expect.objectContaining({ code: 'path' }))
  })
})

describe('a store as an external data source', () => {
  test('each patch is one action, which the reducer applies', async () => {
    const { client, fake } = openPage()
    const source = toExternalDataSource(client, BoardStore)
    const actions: StateChange<Board>[] = []
    const stop = source.subscribe((action) => {
      // By then it is part of the state.
      expect(source.getState()).toBe(action.to)
      actions.push(action)
    })
    fake.load(BoardStore, board())
    await eventually(() => expect(actions).toHaveLength(1))
    fake.load(BoardStore, board({ title: 'second', opt: 6 }))
    await eventually(() => expect(actions).toHaveLength(2))
    const [first, second] = actions as [StateChange<Board>, StateChange<Board>]
    expect(second.from).toBe(first.to)
    expect(source.reducer(first.to, second)).toBe(source.getState())
    expect(source.reducer({ ...first.to, urlPath: '/mine' }, second)).toEqual({ ...second.to, urlPath: '/mine' })
    stop()
    fake.load(BoardStore, board({ title: 'third' }))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(actions).toHaveLength(2)
  })

  test('the state is one object until something changes', async () => {
    const { client, fake } = openPage()
    fake.load(BoardStore, board())
    const source = toExternalDataSource(client.store(BoardStore))
    source.subscribe(() => undefined)
    await eventually(() => expect(source.getState().title).toBe('first'))
    expect(source.getState()).toBe(source.getState())
  })
})

test('what is below a value', () => {
  expect(valueBelow(BoardStore, board().items, ['items', 'a', 'x'], 1)).toEqual({ value: 1 })
  expect(valueBelow(BoardStore, board().items, ['items', 'z', 'x'], 1)).toEqual({ value: undefined })
  expect(valueBelow(BoardStore, board(), ['nothing'], 0)).toBeUndefined()
})
