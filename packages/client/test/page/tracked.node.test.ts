import { isRivuletError } from '@rivulet/wire'
import { afterEach, describe, expect, test } from 'vitest'
import { select } from '../../src/index.ts'
import type { PageStore } from '../../src/page/types.ts'
import { type Fleet, FleetStore, makeBoat, makeFleet } from '../support/fleet.ts'
import { closePages, openPage } from '../support/page.ts'
import { eventually } from '../support/eventually.ts'

afterEach(closePages)

const nothing = (): void => undefined

async function loaded(state: Fleet = makeFleet()): Promise<PageStore<Fleet>> {
  const { store, fake } = openPage()
  fake.load(FleetStore, state)
  store.subscribe([], nothing)
  await eventually(() => expect(store.status()).toBe('live'))
  return store
}

/** What a selector reads of a loaded state, and of one of which nothing is known. */
async function readsOf(selector: (s: Fleet) => unknown): Promise<{ known: unknown; unknown: unknown }> {
  return { known: select(await loaded(), selector).reads, unknown: select(openPage().store, selector).reads }
}

describe('feature 109: what is noted', () => {
  test.each<[string, (s: Fleet) => unknown, unknown]>([
    ['a leaf', (s) => s.title, [['title']]],
    ['two leaves', (s) => [s.title, s.count], [['title'], ['count']]],
    ['a leaf of a struct', (s) => s.at.lat, [['at', 'lat']]],
    ['a struct that is returned', (s) => s.at, [['at']]],
    ['a struct that is only obtained', (s) => void s.at, [['at']]],
    ['a struct read and returned', (s) => (s.at.lat > -1 ? s.at : null), [['at']]],
    ['a field behind a pointer', (s) => s.flagship?.at.lon, [['flagship', 'at', 'lon']]],
    ['a field of a map element', (s) => s.boats?.get('a')?.name, [['boats', 'a', 'name']]],
    ['a map element', (s) => s.boats?.get('a'), [['boats', 'a']]],
    ['whether a key is there', (s) => s.boats?.has('a'), [['boats', 'a']]],
    ['a number key', (s) => s.berths.get(1), [['berths', 1]]],
    ['the size of a map', (s) => s.boats?.size, [['boats']]],
    ['the keys of a map', (s) => [...(s.boats?.keys() ?? [])], [['boats']]],
    ['a map that is iterated', (s) => [...(s.boats ?? [])].length, [['boats']]],
    ['a map with forEach', (s) => s.boats?.forEach(nothing), [['boats']]],
    ['a list element', (s) => s.marks[1], [['marks', 1]]],
    ['a field of a list element', (s) => s.queue?.[0]?.name, [['queue', 0, 'name']]],
    ['the length of a list', (s) => s.marks.length, [['marks']]],
    ['a list that is iterated', (s) => s.queue?.map((b) => b.name), [['queue']]],
    ['a list that is spread', (s) => [...s.marks], [['marks']]],
    ['a destructured list', (s) => s.marks.includes(2), [['marks']]],
    ['a set', (s) => s.tags?.has('x'), [['tags']]],
    ['bytes and dates', (s) => [s.blob?.length, s.since.getTime()], [['blob'], ['since']]],
    ['a boxed pointer', (s) => s.note?.value, [['note']]],
    ['a recursive struct', (s) => s.next?.next?.title, [['next', 'next', 'title']]],
    ['the whole state', (s) => s, [[]]],
    ['nothing', () => 1, []],
    [
      'a spread struct',
      (s) => ({ ...s.at }),
      [
        ['at', 'lat'],
        ['at', 'lon'],
      ],
    ],
    ['a coarse read after a fine one', (s) => [s.boats?.get('a')?.name, s.boats?.size], [['boats']]],
    ['a key of a wrong type', (s) => (s.berths as ReadonlyMap<unknown, string>).get('1'), [['berths']]],
  ])('%s', async (name, selector, reads) => {
    // `next` is null when loaded, so the known run stops there.
    const both = await readsOf(selector)
    expect(both).toEqual({ unknown: reads, known: name === 'a recursive struct' ? [['next']] : reads })
  })

  test('a null that is known is noted as such', async () => {
    const store = await loaded(makeFleet({ flagship: null, boats: null }))
    expect(select(store, (s) => s.flagship?.name ?? 'none')).toEqual({ value: 'none', reads: [['flagship']] })
    expect(select(store, (s) => s.boats?.get('a') ?? 'none')).toEqual({ value: 'none', reads: [['boats']] })
  })

  test('an absent element is noted as such', async () => {
    const store = await loaded()
    expect(select(store, (s) => s.boats?.get('zz')?.name ?? 'none')).toEqual({
      value: 'none',
      reads: [['boats', 'zz']],
    })
  })
})

describe('unknown state', () => {
  test('leaves read as zero, elements as undefined, structs as if they were there', () => {
    const { store } = openPage()
    expect(
      select(store, (s) => [s.title, s.count, s.at.lat, s.flagship?.name, s.boats?.get('a')?.at.lat]).value,
    ).toEqual(['', 0, 0, '', 0])
    expect(select(store, (s) => [s.berths.get(1), s.marks[0], s.marks.length, s.boats?.size]).value).toEqual([
      undefined,
      undefined,
      0,
      0,
    ])
    expect(select(store, (s) => [s.flagship, s.boats, s.boats?.get('a')]).value).toEqual([null, null, undefined])
  })

  test('a field that is known to be missing makes its struct read as absent', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet({ flagship: null, boats: new Map() }))
    const flagship = (s: Fleet): string => (s.flagship === null ? 'none' : s.flagship.name)
    const boat = (s: Fleet): string => (s.boats?.get('a') === undefined ? 'none' : (s.boats.get('a')?.name ?? '?'))
    store.subscribe(['flagship', 'name'], nothing)
    store.subscribe(['boats', 'a', 'at', 'lat'], nothing)
    await eventually(() => expect(store.status(['flagship', 'name'])).toBe('live'))
    expect(select(store, flagship).value).toBe('none')
    expect(select(store, boat).value).toBe('none')
  })
})

describe('results', () => {
  test('are the real immutable values, also inside what the selector builds', async () => {
    const store = await loaded()
    const { value } = select(store, (s) => ({
      at: s.at,
      list: [s.flagship, { deep: s.boats?.get('a') }],
      map: new Map([['b', s.boats?.get('b')]]),
      set: new Set([s.queue]),
    }))
    expect(value.at).toBe(store.get('at'))
    expect(value.list[0]).toBe(store.get('flagship'))
    expect((value.list[1] as { deep: unknown }).deep).toBe(store.get(['boats', 'a']))
    expect(value.map.get('b')).toBe(store.get(['boats', 'b']))
    expect([...value.set][0]).toBe(store.get('queue'))
  })

  test('a result made of real values is not copied', async () => {
    const store = await loaded()
    const mine = { x: [1] }
    expect(select(store, (s) => s.queue?.filter(() => true)).value?.[0]).toBe(store.get(['queue', 0]))
    expect(select(store, () => mine).value).toBe(mine)
  })

  test('cyclic results end', async () => {
    const store = await loaded()
    const cyclic: { self?: unknown } = {}
    cyclic.self = cyclic
    expect(select(store, (s) => [s.title, cyclic]).value[1]).toBe(cyclic)
  })

  test('images behave like what they show', async () => {
    const store = await loaded()
    const { value } = select(store, (s) => [
      s.boats instanceof Map,
      Array.isArray(s.marks),
      Object.keys(s.at),
      'lat' in s.at,
      'x' in s.at,
      s.at === s.at,
      s.boats?.get('a') === s.boats?.get('a'),
      JSON.stringify(s.at),
      JSON.stringify(s.marks),
      s.marks.indexOf(2),
      [...(s.boats?.entries() ?? [])][0]?.[0],
      new Map(s.boats ?? []).size,
      s.queue?.at(-1)?.name,
    ])
    expect(value).toEqual([
      true,
      true,
      ['lat', 'lon'],
      true,
      false,
      true,
      true,
      '{"lat":1,"lon":2}',
      '[1,2,3]',
      1,
      'a',
      2,
      'Cy',
    ])
  })
})

describe('misuse', () => {
  test.each<[string, (s: Fleet) => unknown]>([
    ['setting a field', (s) => Object.assign(s.at, { lat: 5 })],
    ['deleting a field', (s) => delete (s as { title?: string }).title],
    ['pushing', (s) => (s.marks as number[]).push(4)],
    ['filling', (s) => (s.marks as number[]).fill(0)],
    ['setting an element', (s) => Object.assign(s.marks, [9])],
    ['setting a key', (s) => (s.boats as Map<string, unknown>).set('c', makeBoat('C'))],
    ['deleting a key', (s) => (s.boats as Map<string, unknown>).delete('a')],
    ['clearing', (s) => (s.boats as Map<string, unknown>).clear()],
  ])('%s throws and changes nothing', async (_name, selector) => {
    const store = await loaded()
    const before = store.get()
    expect(() => select(store, selector)).toThrow(/must not change the state/)
    expect(store.get()).toBe(before)
    expect(before).toEqual(makeFleet())
  })

  test('state kept beyond the run refuses to be read', async () => {
    const store = await loaded()
    let kept: Fleet | undefined
    select(store, (s) => {
      kept = s
      return s.title
    })
    let error: unknown
    try {
      error = kept?.title
    } catch (e) {
      error = e
    }
    expect(isRivuletError(error) && error.message).toContain('after the selector had returned')
  })

  test('what the selector throws comes out', async () => {
    const store = await loaded()
    expect(() =>
      select(store, () => {
        throw new TypeError('mine')
      }),
    ).toThrow(new TypeError('mine'))
  })
})
