import { applyDelta, decodeDelta, decodeState, type Delta, type StoreDef, stateNode, zeroOf } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { createStore, type Store } from '../../src/index.ts'
import { notesHost, type NotesHost } from '../support/notes-host.ts'
import { type RichState, RichStore, someRichState, someRow } from '../support/rich-store.ts'

interface LinkState {
  readonly urlPath: string
  readonly httpID: number
  readonly byID: ReadonlyMap<string, string> | null
}

/** Go names with acronyms, whose page spelling is not just the first letter. */
const LinkStore: StoreDef<LinkState> = {
  kind: 'store',
  name: 'LinkStore',
  state: 'link.State',
  types: [
    {
      'link.State': {
        form: 'partial',
        fields: [
          { name: 'urlPath', wire: 'URLPath', id: 1, type: { kind: 'string' } },
          { name: 'httpID', wire: 'HTTPID', id: 2, type: { kind: 'int32' } },
          {
            name: 'byID',
            wire: 'ByID',
            id: 3,
            type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'string' } },
          },
        ],
      },
    },
  ],
}

const links = (): LinkState => ({ urlPath: '/x', httpID: 4, byID: new Map([['a', '1']]) })
const row = someRow

/** Every kind of path, as a viewer may spell it, and what its catch-up says; null = the full state. */
const CASES: readonly (readonly [what: string, key: string, delta: Delta | null])[] = [
  ['the whole store', '', null],
  ['a scalar', 'count', { count: { set: 7 } }],
  ['a scalar in the Go spelling', 'Count', { count: { set: 7 } }],
  ['a 64-bit number', 'big', { big: { set: 9_007_199_254_740_993n } }],
  ['a time', 'at', { at: { set: new Date(1_700_000_000_000) } }],
  ['a nullable with a value', 'opt', { opt: { set: 5 } }],
  ['a map', 'tags', { tags: { whole: someRichState().tags } }],
  ['a map entry that is there', 'tags%&x', { tags: { sets: new Map([['x', '1']]) } }],
  ['a map entry that is not there', 'tags%&zz', { tags: { deletes: new Set(['zz']) } }],
  ['an entry with a number as key', 'byId%&1', { byId: { sets: new Map([[1, row('one')]]) } }],
  ['an entry that is nil', 'byId%&2', { byId: { sets: new Map([[2, null]]) } }],
  ['a field of an entry', 'rows%&a%&n', { rows: { mods: new Map([['a', { n: { set: 1 } }]]) } }],
  ['a field of an entry that is not there', 'rows%&zz%&n', { rows: { deletes: new Set(['zz']) } }],
  ['a field behind an entry that is nil', 'byId%&2%&name', { byId: { sets: new Map([[2, null]]) } }],
  [
    'a field behind a pointer in an entry',
    'rows%&c%&child%&n',
    { rows: { mods: new Map([['c', { child: { mod: { n: { set: 33 } } } }]]) } },
  ],
  [
    'a field behind a nil pointer in an entry',
    'rows%&a%&child%&n',
    { rows: { mods: new Map([['a', { child: { whole: null } }]]) } },
  ],
  ['a nested struct', 'row', { row: { whole: row('row') } }],
  ['a field of a nested struct', 'row%&name', { row: { mod: { name: { set: 'row' } } } }],
  ['a map entry in a nested struct', 'row%&tags%&k', { row: { mod: { tags: { sets: new Map([['k', 'v']]) } } } }],
  ['a pointer', 'pointed', { pointed: { whole: row('p') } }],
  ['a field behind a pointer', 'pointed%&n', { pointed: { mod: { n: { set: 1 } } } }],
  ['a field behind a nil pointer', 'pointed%&child%&n', { pointed: { mod: { child: { whole: null } } } }],
  ['a list', 'list', { list: { whole: [1, 2, 3, 4] } }],
  ['a list element', 'list%&2', { list: { sets: new Map([[2, 3]]) } }],
  ['an index beyond the end', 'list%&4', null],
  ['an index below zero', 'list%&-1', null],
  ['an index that is no number', 'list%&x', null],
  ['a struct in a list', 'queue%&1', { queue: { sets: new Map([[1, row('q1')]]) } }],
  ['a field of a struct in a list', 'queue%&1%&name', { queue: { mods: new Map([[1, { name: { set: 'q1' } }]]) } }],
  ['a field of a struct beyond the end', 'queue%&2%&name', null],
  ['an unknown field', 'nowhere', null],
  ['an unknown field of a struct', 'row%&nowhere', null],
  ['a path into a scalar', 'count%&x', null],
  ['a name from the prototype', '__proto__', null],
]

const ACRONYMS: readonly (readonly [key: string, delta: Delta | null])[] = [
  ['URLPath', { urlPath: { set: '/x' } }],
  ['uRLPath', { urlPath: { set: '/x' } }],
  ['HTTPID', { httpID: { set: 4 } }],
  ['ByID%&a', { byID: { sets: new Map([['a', '1']]) } }],
  ['byID%&a', { byID: { sets: new Map([['a', '1']]) } }],
  // The property's own spelling is not one of the wire (wire.md §9.6): the full state, as from a Go host.
  ['urlPath', null],
  ['urlpath', null],
]

let app: NotesHost
let rich: Store<RichState>
let link: Store<LinkState>

async function start(): Promise<void> {
  rich = createStore(RichStore, someRichState())
  link = createStore(LinkStore, links())
  app = await notesHost({ stores: [rich, link] })
}

/** What a viewer is sent for one key. */
async function catchUp(storeName: string, key: string): Promise<Readonly<Record<string, unknown>>> {
  const page = await app.page()
  page.socket.emit('storesub', { storeName, action: 0, key })
  await page.fence()
  const updates = page.received.filter(({ event }) => event === 'storeupdate')
  expect(updates).toHaveLength(1)
  page.socket.disconnect()
  return updates[0]?.body ?? {}
}

/** What an update says: its delta, or the whole state. */
function said<S>(def: StoreDef<S>, { kind, state, partial }: Readonly<Record<string, unknown>>): unknown {
  expect([0, 2]).toContain(kind)
  return kind === 0 ? { state: decodeState(def, state) } : decodeDelta(def, partial)
}

describe('the catch-up of a key', () => {
  test.each(CASES)('%s: "%s"', async (_, key, delta) => {
    await start()
    expect(said(RichStore, await catchUp('RichStore', key))).toEqual(delta ?? { state: rich.state })
  })

  test.each(ACRONYMS)('the acronym in "%s"', async (key, delta) => {
    await start()
    expect(said(LinkStore, await catchUp('LinkStore', key))).toEqual(delta ?? { state: link.state })
  })

  test.each<[string, Partial<RichState>]>([
    ['tags', { tags: null }],
    ['list', { list: null }],
    ['list%&0', { list: null }],
    ['labels', { labels: null }],
  ])('of nil ("%s") is the full state: a stale viewer would keep what it has', async (key, part) => {
    await start()
    rich.replace({ ...someRichState(), ...part })
    expect((await catchUp('RichStore', key))['kind']).toBe(0)
  })

  test.each<[string, Partial<RichState>, Delta]>([
    ['opt', { opt: null }, { opt: { set: null } }],
    ['pointed', { pointed: null }, { pointed: { whole: null } }],
    ['pointed%&n', { pointed: null }, { pointed: { whole: null } }],
    ['tags%&x', { tags: null }, { tags: { deletes: new Set(['x']) } }],
  ])('of what is absent ("%s") says so', async (key, part, delta) => {
    await start()
    rich.replace({ ...someRichState(), ...part })
    expect(decodeDelta(RichStore, (await catchUp('RichStore', key))['partial'])).toEqual(delta)
  })
})

describe('a replaced state', () => {
  test('brings every kind of key up to date, whoever follows which', async () => {
    await start()
    const next: RichState = {
      ...someRichState(),
      count: 8,
      tags: new Map([['y', 'new']]),
      rows: new Map([['b', row('B', 22)]]),
      byId: null,
      list: [9],
      queue: [row('only')],
      pointed: null,
      row: row('other'),
    }
    const keys = CASES.map(([, key]) => key)
    const pages = await Promise.all(
      keys.map(async (key) => {
        const page = await app.page()
        page.socket.emit('storesub', { storeName: 'RichStore', action: 0, key })
        await page.fence()
        return page
      }),
    )
    rich.replace(next)
    for (const [i, page] of pages.entries()) {
      await page.fence()
      const replica = page.received
        .filter(({ event }) => event === 'storeupdate')
        .reduce<RichState>(
          (state, { body }) =>
            'state' in body
              ? decodeState(RichStore, body['state'])
              : applyDelta(RichStore, state, decodeDelta(RichStore, body['partial'])).state,
          zeroOf(RichStore.types, stateNode(RichStore)) as RichState,
        )
      const key = keys[i] ?? ''
      const seen = (state: RichState): unknown => at(state, key)
      expect([key, seen(replica)]).toEqual([key, seen(rich.state)])
    }
  })
})

/** What a viewer that follows `key` looks at; undefined where the path leads nowhere. */
function at(state: unknown, key: string): unknown {
  if (key === '') return state
  return key.split('%&').reduce<unknown>((value, part) => {
    if (value instanceof Map) return value.get(value.has(part) ? part : Number(part))
    if (typeof value !== 'object' || value === null) return undefined
    const name = part.charAt(0).toLowerCase() + part.slice(1)
    return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  }, state)
}
